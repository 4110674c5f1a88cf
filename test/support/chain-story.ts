import type { Step } from './morning.ts';
import { openActivity } from './stories.ts';

const list = (...lines: string[]): string =>
  ['#接龙 桂花园除草', ...lines.map((line, n) => `${n + 1}. ${line}`)].join('\n');

/** A list with a guest, a household, a queue, a change, a cancellation, an answer and an undo. */
export const chainSteps: readonly Step[] = [
  (it) => openActivity(it, { id: 'A1', capacity: 5, callRooms: ['三组'], jielong: true }),
  (it) => it.write('1', 'M1', '三组', list('王大爷', '春花')),
  (it) => it.write('2', 'M3', '三组', list('王大爷', '春花', '吕哥 2人', '唐哥 2人')),
  (it) => it.write('3', 'M3', '三组', list('王大爷', '春花', '吕哥 1人', '唐哥 2人')),
  (it) => it.write('4', 'M1', '三组', list('王大爷', '春花 不来了', '吕哥 1人', '唐哥 2人', '何群 一家人')),
  (it) => it.write('5', 'M1', '三组', '2'),
  (it) => it.write('6', 'M1', '三组', '撤销'),
  (it) => it.write('7', 'M3', '三组', list('王大爷', '吕哥 不来', '唐哥 2人')),
];
