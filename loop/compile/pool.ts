/** Runs `work` over items with at most `width()` at a time, asked anew before each. The first error stops the rest and is thrown. */
export async function pool<T>(
  items: readonly T[],
  width: () => number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let running = 0;
  await new Promise<void>((resolve, reject) => {
    let failed = false;
    const fill = () => {
      while (!failed && next < items.length && running < Math.max(1, width())) {
        running++;
        work(items[next++] as T).then(done, fail);
      }
      if (!failed && running === 0) resolve();
    };
    const done = () => {
      running--;
      fill();
    };
    const fail = (error: unknown) => {
      failed = true;
      reject(error);
    };
    fill();
  });
}
