import { describe } from 'vitest';
import { openPassingStore } from '../../cli/replay/engines.ts';
import { exactWeek } from '../support/week.ts';

describe('the village in memory', () => {
  exactWeek(() => openPassingStore('embedded', null));
});
