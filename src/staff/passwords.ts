import { hash, verify } from '@node-rs/argon2';
import { AppError } from '../shared/errors.ts';

/** In characters. Nothing is asked of their kind: long is what counts. */
export const passwordLength = { least: 10, most: 128 } as const;

/** Memory in KiB. */
export interface HashCost {
  readonly memoryCost: number;
  readonly timeCost: number;
}
const usualCost: HashCost = { memoryCost: 19_456, timeCost: 2 };
// Algorithm.Argon2id, which is an ambient const enum and can't be imported.
const argon2id = 2;
const [atOnce, mostWaiting] = [2, 30];

export interface Passwords {
  /** Errors: staff.password-short 422 (facts.least), staff.password-long 422 (facts.most). */
  check(password: string): void;
  hash(password: string): Promise<string>;
  /** Takes as long without a hash as with one, and is then false. */
  verify(known: string | null, password: string): Promise<boolean>;
}

/** Argon2id. Errors of both: staff.busy 503 when too many ask at once; each takes 19 MiB and a moment. */
export function createPasswords(cost: HashCost = usualCost): Passwords {
  const options = { ...cost, parallelism: 1, algorithm: argon2id };
  const plain = (password: string): string => password.normalize('NFKC');
  let nobody: Promise<string> | undefined;
  let running = 0;
  const waiting: (() => void)[] = [];

  async function inTurn<T>(run: () => Promise<T>): Promise<T> {
    if (waiting.length >= mostWaiting) throw new AppError('staff.busy', 503);
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await run();
    } finally {
      // The place is handed on, so that nobody slips in between.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  }

  return {
    check(password) {
      const { length } = [...plain(password)];
      if (length < passwordLength.least)
        throw new AppError('staff.password-short', 422, { least: passwordLength.least });
      if (length > passwordLength.most) throw new AppError('staff.password-long', 422, { most: passwordLength.most });
    },
    hash: (password) => inTurn(() => hash(plain(password), options)),
    async verify(known, password) {
      const dummy = await (nobody ??= hash('nobody has this password', options));
      const against = known ?? dummy;
      const right = await inTurn(() => verify(against, plain(password)));
      return right && known !== null;
    },
  };
}
