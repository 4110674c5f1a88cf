import { describe } from 'vitest';
import { exactWeek } from '../support/week.ts';
import { databasesOf, openPassing } from './servers.ts';

const fresh = databasesOf('week');

describe('the village on MongoDB', () => {
  exactWeek(() => openPassing(fresh()));
});
