/** Runs what belongs to one conversation one after the other, different conversations side by side. */
export interface Order {
  run(key: string, task: () => Promise<void>): Promise<void>;
  /** Tasks that wait or run. */
  size(): number;
}

export function createOrder(): Order {
  const tails = new Map<string, Promise<void>>();
  let size = 0;
  return {
    run(key, task) {
      size++;
      const before = tails.get(key) ?? Promise.resolve();
      const mine = before.then(task).finally(() => {
        size--;
        if (tails.get(key) === tail) tails.delete(key);
      });
      const tail = mine.catch(() => undefined);
      tails.set(key, tail);
      return mine;
    },
    size: () => size,
  };
}
