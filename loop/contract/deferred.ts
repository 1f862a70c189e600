/**
 * A schema that is built when it is first used. Convex loads the code anew for every call, and a call uses one or two of the
 * contract's schemas: building all of them would take longer than most calls.
 */
export function deferred<Schema extends object>(build: () => Schema): Schema {
  let built: Schema | undefined;
  const schema = (): Schema => {
    built ??= build();
    return built;
  };
  return new Proxy({} as Schema, {
    get: (_, key) => Reflect.get(schema(), key),
    has: (_, key) => Reflect.has(schema(), key),
    getPrototypeOf: () => Reflect.getPrototypeOf(schema()),
  });
}
