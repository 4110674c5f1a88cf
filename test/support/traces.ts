import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemActor } from '../../src/shared/access.ts';
import { openActivity, sendNotice } from './stories.ts';
import type { TestVillage } from './village.ts';

/** The picture that M1 sends. */
export const picture = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4, 5, 6, 7, 8]);
const photo = { attachments: [{ kind: 'image' as const, name: 'deng.jpg', read: () => Promise.resolve(picture) }] };
/** What M1 alone has ever said. */
export const secrets = ['坎下那盏秘密的灯', '黑得很秘密', '秘密的屋基'] as const;
/** What tells who M1 is: name, nickname, contacts. */
export const marks = ['王大明', '王大爷', 'wx-M1', 'wx-old'] as const;

/**
 * M1 (王大明) leaves traces in every corner: two contacts, of which one wrote before it was bound; reports with a
 * picture; a sign-up that is over and one ahead for whose seat M3 waits; 收到, 转人工, 退订, a code, a proposal.
 */
export async function leaveTraces(it: TestVillage): Promise<void> {
  const { members, messages, feedback, notices, staff } = it.village;
  const m5 = await members.actor('M5');
  const at = { startsAt: new Date('2026-03-18T14:00:00+08:00'), endsAt: new Date('2026-03-18T16:00:00+08:00') };
  await openActivity(it, { id: 'A1', name: '扫院坝', capacity: 5, checkinCode: '7431', ...at });
  await openActivity(it, { id: 'A2', capacity: 1 });
  const old = { sender: { id: 'wx-old', name: '王大爷' } };
  const own = { sender: { id: 'wx-M1', name: '王大爷' } };
  await it.write('t1', 'M1', '三组', '报名 扫院坝 2人', old);
  await it.write('t2', 'M1', null, `反馈 ${secrets[2]}要塌了`, old);
  await members.bind(systemActor, 'wx-old', 'M1');
  await it.until('2026-03-18T09:31:00+08:00');
  // The contact of before takes its place again.
  await members.bind(systemActor, 'wx-M1', 'M1');
  await it.work.idle();
  await it.write('t3', 'M1', null, `反馈 三组${secrets[0]}不亮了`, own);
  await it.write('t4', 'M1', null, secrets[1], own);
  await it.write('t5', 'M1', null, '', { ...photo, ...own });
  await it.write('t6', 'M1', '三组', '报名 桂花园除草', own);
  await it.write('t7', 'M3', '三组', '报名 桂花园除草');
  await openActivity(it, { id: 'A3', name: '清沟渠', capacity: 9, callRooms: ['三组'], jielong: true });
  await it.write('j1', 'M1', '三组', '#接龙\n清沟渠\n1. 王大爷', own);
  await it.write('j2', 'M3', '三组', '#接龙\n清沟渠\n1. 王大爷\n2. 吕哥\n3. 王大明 2人');
  await sendNotice(it, 'N1');
  await it.write('t8', 'M1', '三组', '收到', own);
  await it.write('t9', 'M1', null, '转人工', own);
  await it.write('t10', 'M5', null, '在');
  await it.write('t11', 'M1', null, '转人工', own);
  await it.write('t12', 'M1', null, '退订', own);
  await it.write('t13', 'M5', null, '发绑定码 王大明');
  await members.proposals.propose(m5, '三组', [{ contact: 'wx-new', name: '王大明' }], 'list:1');
  await members.consents.give('M1', '照片', '2026-1', 'c:1');
  const { token } = await staff.invite(systemActor, 'M1');
  await staff.accept({ token, name: '王大明', password: 'correct horse battery' });
  await messages.inbox.receive('loop:parked', {
    ...{ room: null, contact: 'wx-M1', called: '王大爷', person: 'M1', mention: false, text: secrets[1], images: [] },
    ...{ action: { verb: 'human', slots: {} }, answers: false },
  });
  await messages.inbox.park('loop:parked');
  await notices.draft(await members.actor('M6'), {
    ...{ key: 'N2', kind: 'normal', title: '慰问', text: '{姓名}好', direct: ['M1'] },
  });
  await it.until('2026-03-18T14:05:00+08:00');
  await it.write('t14', 'M1', '三组', '签到 7431', own);
  await it.until('2026-03-18T17:00:00+08:00');
  await feedback.handle(m5, 'loop:t3', 't:1', { do: 'resolve', note: '灯泡换了' });
  await it.work.idle();
}

/** Which of these texts stand anywhere in the files of the folder. */
export function found(folder: string, texts: readonly string[]): string[] {
  const bytes = filesOf(folder).map((path) => readFileSync(path));
  return texts.filter((text) => bytes.some((file) => file.includes(Buffer.from(text))));
}

function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesOf(path) : [path]));
}
