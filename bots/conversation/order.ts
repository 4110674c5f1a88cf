/** Runs what belongs to one conversation one after the other, different conversations side by side. */
export interface Order {
  run(key: string, task: () => Promise<void>): Promise<void>;
}

export function createOrder(): Order {
  const tails = new Map<string, Promise<void>>();
  return {
    run(key, task) {
      const before = tails.get(key) ?? Promise.resolve();
      const mine = before.then(task).finally(() => {
        if (tails.get(key) === tail) tails.delete(key);
      });
      const tail = mine.catch(() => undefined);
      tails.set(key, tail);
      return mine;
    },
  };
}
