export { createStaffKeeper } from './erase.ts';
export { csrfOf, sameToken } from './tokens.ts';
export { passwordLength, type HashCost } from './passwords.ts';
export { idleMs, longestMs } from './sessions.ts';
export type { Link, SetUpRequest } from './set-up.ts';
export { staffCollections, type Account, type Session } from './staff.model.ts';
export {
  createStaff,
  deviceMs,
  type SignedIn,
  type SignInRequest,
  type Staff,
  type StaffDeps,
} from './staff.service.ts';
