import { AppError } from '../shared/errors.ts';
import { cleanLine } from '../shared/text.ts';

/** Names are compared in half-width small letters without spaces around. */
export function foldName(name: string): string {
  return cleanLine(name).normalize('NFKC').toLowerCase();
}

/** The name as kept: 2–30 letters (Chinese too), digits, `_`, `-`, `.`. Errors: staff.name 422. */
export function accountName(name: string): string {
  const clean = cleanLine(name).normalize('NFKC');
  if (!/^[\p{L}\p{N}_.-]{2,30}$/u.test(clean)) throw new AppError('staff.name', 422);
  return clean;
}
