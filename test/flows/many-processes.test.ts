import { describe } from 'vitest';
import { severalProcesses } from '../support/many-processes.ts';

describe('a village in several processes', () => {
  severalProcesses(() => Promise.resolve(undefined));
});
