/**
 * Runs `work` over items with at most `width()` at a time, asked anew before each. The first error lets no more begin; it is thrown when
 * those under way have ended, whatever they end with.
 */
export async function pool<T>(
  items: readonly T[],
  width: () => number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let running = 0;
  await new Promise<void>((resolve, reject) => {
    let failure: { readonly error: unknown } | null = null;
    const fill = () => {
      while (!failure && next < items.length && running < Math.max(1, width())) {
        running++;
        work(items[next++] as T).then(done, fail);
      }
      if (running > 0) return;
      if (failure) reject(failure.error);
      else resolve();
    };
    const done = () => {
      running--;
      fill();
    };
    const fail = (error: unknown) => {
      failure ??= { error };
      done();
    };
    fill();
  });
}
