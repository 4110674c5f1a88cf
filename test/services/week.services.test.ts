import { describe } from 'vitest';
import { openPassingStore } from '../../cli/replay/engines.ts';
import { exactWeek } from '../support/week.ts';

const uri = process.env.MONGODB_URI ?? '';
if (uri === '') throw new Error('MONGODB_URI is not set: npm run test:services');

describe('the village on MongoDB', () => exactWeek(() => openPassingStore('mongo', uri)));
