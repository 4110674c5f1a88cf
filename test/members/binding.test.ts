import { beforeEach, describe, expect, it } from 'vitest';
import { bindCodes, identities } from '../../src/members/members.model.ts';
import { systemActor } from '../../src/shared/access.ts';
import { actorWith, buildMember, buildRegistry, villager, type RegistryRig } from '../support/members.ts';

const day = 24 * 60;
let rig: RegistryRig;

async function addCode(code: string, member: string, part: { uses?: number; days?: number } = {}): Promise<void> {
  const validUntil = new Date(rig.clock.now().getTime() + (part.days ?? 7) * day * 60_000);
  await rig.members.addBindCode(systemActor, { code, member, validUntil, uses: part.uses ?? 1 });
}

const bound = async (): Promise<string[]> => {
  const due = await rig.store.events.due(rig.clock.now(), 100);
  return due.filter(({ event }) => event.type === 'member.bound').map(({ event }) => String(event.data['member']));
};

beforeEach(async () => {
  rig = buildRegistry();
  await rig.put(
    buildMember({ _id: 'M1', name: '张三' }),
    buildMember({ _id: 'M2', name: '李四', household: 'H002', grid: '二组' }),
    buildMember({ _id: 'M3', name: '王五', household: 'H003' }),
  );
});

describe('binding by a code', () => {
  it('binds the contact and tells it once', async () => {
    await addCode('507318', 'M1');
    expect(await rig.members.personOfContact('c1')).toBe('wx:c1');
    const member = await rig.members.bindByCode('c1', '507318', 'in:1');
    expect(member.name).toBe('张三');
    expect(await rig.members.personOfContact('c1')).toBe('M1');
    expect(await rig.members.contactOf('M1')).toBe('c1');
    expect(await bound()).toEqual(['M1']);
  });

  it('reads full-width digits, spaces and small letters as the code', async () => {
    await addCode('AB5073', 'M1');
    expect((await rig.members.bindByCode('c1', ' ａｂ５０ 73', 'in:1'))._id).toBe('M1');
  });

  it('does the same message only once, and says the same again', async () => {
    await addCode('507318', 'M1', { uses: 2 });
    await rig.members.bindByCode('c1', '507318', 'in:1');
    expect((await rig.members.bindByCode('c1', '507318', 'in:1'))._id).toBe('M1');
    expect((await rig.members.bindByCode('c1', '507318', 'in:2'))._id).toBe('M1');
    expect((await rig.store.collection(bindCodes).get('507318'))?.usesLeft).toBe(1);
    expect(await bound()).toEqual(['M1']);
  });

  it('gives a single use to one of two people who send it at once', async () => {
    await addCode('507318', 'M1');
    const tried = await Promise.allSettled([
      rig.members.bindByCode('c1', '507318', 'in:1'),
      rig.members.bindByCode('c2', '507318', 'in:2'),
    ]);
    expect(tried.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = tried.find((result) => result.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'members.code-used', status: 409 });
    expect(await rig.store.collection(identities).count({ member: 'M1' })).toBe(1);
  });

  it('finishes a binding that was cut between claim and identity', async () => {
    await addCode('507318', 'M1');
    await rig.store
      .collection(bindCodes)
      .update({ _id: '507318' }, { $set: { usesLeft: 0 }, $addToSet: { usedBy: 'c1', usedFrom: 'in:1' } });
    expect((await rig.members.bindByCode('c1', '507318', 'in:1'))._id).toBe('M1');
    expect(await rig.members.personOfContact('c1')).toBe('M1');
  });

  it('tells an unknown, an expired and a used code apart', async () => {
    await addCode('111111', 'M1', { days: 1 });
    await addCode('222222', 'M2');
    await rig.members.bindByCode('c2', '222222', 'in:1');
    await rig.pass(day);
    await expect(rig.members.bindByCode('c1', '999999', 'in:2')).rejects.toMatchObject({
      code: 'members.code-unknown',
    });
    await expect(rig.members.bindByCode('c1', '111111', 'in:3')).rejects.toMatchObject({
      code: 'members.code-expired',
    });
    await expect(rig.members.bindByCode('c1', '222222', 'in:4')).rejects.toMatchObject({ code: 'members.code-used' });
    expect(await rig.members.personOfContact('c1')).toBe('wx:c1');
  });

  it('refuses to make a bound contact somebody else, and leaves the code unused', async () => {
    await addCode('111111', 'M1');
    await addCode('222222', 'M2');
    await rig.members.bindByCode('c1', '111111', 'in:1');
    await expect(rig.members.bindByCode('c1', '222222', 'in:2')).rejects.toMatchObject({
      code: 'members.contact-bound',
    });
    expect((await rig.members.bindByCode('c2', '222222', 'in:3'))._id).toBe('M2');
  });

  it('binds a new contact of the same member, who is then reached there', async () => {
    await addCode('111111', 'M1');
    await addCode('222222', 'M1');
    await rig.members.bindByCode('c1', '111111', 'in:1');
    await rig.pass(1);
    await rig.members.bindByCode('c1-new', '222222', 'in:2');
    expect(await rig.members.contactOf('M1')).toBe('c1-new');
    expect(await rig.members.personOfContact('c1-new')).toBe('M1');
  });
});

describe('a contact whose place another took', () => {
  const rebound = async (): Promise<void> => {
    await addCode('111111', 'M1');
    await addCode('222222', 'M1');
    await rig.members.bindByCode('c1', '111111', 'in:1');
    await rig.pass(1);
    await rig.members.bindByCode('c1-new', '222222', 'in:2');
  };

  it('is nobody, with no right of the member', async () => {
    await rig.give('M1', '村支书');
    await rebound();
    expect(await rig.members.personOfContact('c1')).toBe('wx:c1');
    expect(await rig.members.ofContact('c1')).toBeNull();
    expect((await rig.members.actor('wx:c1')).grants).toEqual([]);
    expect((await rig.members.actor('wx:c1-new')).grants).toMatchObject([{ role: '村支书' }]);
  });

  it('does not come back by its old code, nor by the old message', async () => {
    await rebound();
    for (const from of ['in:1', 'in:9']) {
      await expect(rig.members.bindByCode('c1', '111111', from)).rejects.toMatchObject({ code: 'members.code-used' });
    }
    expect(await rig.members.contactOf('M1')).toBe('c1-new');
  });

  it('comes back by a new code, and takes the place in its turn', async () => {
    await rebound();
    await addCode('333333', 'M1');
    await rig.pass(1);
    await rig.members.bindByCode('c1', '333333', 'in:3');
    expect(await rig.members.personOfContact('c1')).toBe('M1');
    expect(await rig.members.personOfContact('c1-new')).toBe('wx:c1-new');
  });

  it('has its place again when the newer binding is taken back', async () => {
    await rebound();
    await rig.members.unbind(systemActor, 'c1-new');
    expect(await rig.members.contactOf('M1')).toBe('c1');
    expect(await rig.members.personOfContact('c1-new')).toBe('wx:c1-new');
  });

  it('may become another member', async () => {
    await rebound();
    await rig.members.bind(systemActor, 'c1', 'M2');
    expect(await rig.members.personOfContact('c1')).toBe('M2');
    expect(await rig.members.personOfContact('c1-new')).toBe('M1');
  });

  it('keeps the member’s 退订 from before', async () => {
    await rig.members.stop('wx:c1', 'in:0');
    await rebound();
    expect(await rig.members.stopped('M1')).toBe(true);
    await rig.members.resume('M1');
    expect(await rig.members.stopped('M1')).toBe(false);
  });

  it('is one of two that were bound at once; one stays', async () => {
    await addCode('111111', 'M1');
    await addCode('222222', 'M1');
    await Promise.all([rig.members.bindByCode('c1', '111111', 'in:1'), rig.members.bindByCode('c2', '222222', 'in:2')]);
    await rig.members.supersede('c1', 'M1');
    await rig.members.supersede('c2', 'M1');
    const keys = await Promise.all(['c1', 'c2'].map((contact) => rig.members.personOfContact(contact)));
    expect(keys.filter((key) => key === 'M1')).toHaveLength(1);
  });

  it('loses it though the process died between the two writes: the event is handled again', async () => {
    await rebound();
    // As it stands when the second write was never made.
    await rig.store.collection(identities).update({ _id: 'wechat:c1' }, { $unset: { supersededBy: true } });
    expect(await rig.members.personOfContact('c1')).toBe('M1');
    await rig.members.supersede('c1', 'M1');
    expect(await rig.members.personOfContact('c1-new')).toBe('M1');
    await rig.members.supersede('c1-new', 'M1');
    expect(await rig.members.personOfContact('c1')).toBe('wx:c1');
  });
});

describe('guessing codes', () => {
  const guess = (contact: string, from: string): Promise<unknown> => rig.members.bindByCode(contact, '000000', from);

  beforeEach(async () => {
    await addCode('507318', 'M1');
    for (let n = 1; n <= 5; n++) {
      await guess('c1', `in:${n}`).catch(() => undefined);
      await rig.pass(1);
    }
  });

  it('is refused after five wrong ones, even with the right one, for ten minutes', async () => {
    await expect(rig.members.bindByCode('c1', '507318', 'in:6')).rejects.toMatchObject({
      code: 'members.code-tries',
      status: 429,
      facts: { minutes: 9 },
    });
    await rig.pass(9);
    expect((await rig.members.bindByCode('c1', '507318', 'in:7'))._id).toBe('M1');
  });

  it('is not prolonged by trying again, and is the matter of one contact', async () => {
    await expect(guess('c1', 'in:6')).rejects.toMatchObject({ code: 'members.code-tries' });
    expect((await rig.members.bindByCode('c2', '507318', 'in:7'))._id).toBe('M1');
    await rig.pass(9);
    await expect(guess('c1', 'in:8')).rejects.toMatchObject({ code: 'members.code-unknown' });
  });

  it('counts guesses that come at once', async () => {
    const tried = await Promise.allSettled(
      Array.from({ length: 40 }, (_, n) => rig.members.bindByCode('c9', String(n).padStart(6, '1'), `at-once:${n}`)),
    );
    const looked = tried.filter(
      (result) => result.status === 'rejected' && (result.reason as { code: string }).code === 'members.code-unknown',
    );
    expect(looked.length).toBeLessThanOrEqual(5);
  });

  it('counts the same message once', async () => {
    for (let n = 0; n < 8; n++) {
      await expect(guess('c3', 'again')).rejects.toMatchObject({ code: 'members.code-unknown' });
    }
  });
});

describe('codes from cadres', () => {
  it('are issued by the officer of the own grid, once for each request', async () => {
    const officer = actorWith('网格员', '一组');
    const issued = await rig.members.issueBindCode(officer, 'M1', 'in:1');
    expect(await rig.members.issueBindCode(officer, 'M1', 'in:1')).toEqual(issued);
    expect((await rig.members.bindByCode('c1', issued.code, 'in:2'))._id).toBe('M1');
  });

  it('are not issued by villagers, nor for another grid, nor for unknown people', async () => {
    await expect(rig.members.issueBindCode(villager, 'M1', 'in:1')).rejects.toMatchObject({ status: 403 });
    await expect(rig.members.issueBindCode(actorWith('网格员', '一组'), 'M2', 'in:2')).rejects.toMatchObject({
      code: 'access.denied',
    });
    await expect(rig.members.issueBindCode(systemActor, 'M404', 'in:3')).rejects.toMatchObject({
      code: 'members.not-found',
    });
  });

  it('cannot be somebody else’s already', async () => {
    await addCode('507318', 'M1');
    await addCode('507318', 'M1');
    await expect(addCode('507318', 'M2')).rejects.toMatchObject({ code: 'members.code-taken' });
  });

  it('for staff need a right for the whole village, for an admin an admin', async () => {
    await rig.give('M1', '村支书');
    await rig.give('M3', '管理员');
    const officer = actorWith('网格员', '一组');
    await expect(rig.members.issueBindCode(officer, 'M1', 'in:1')).rejects.toMatchObject({ status: 403 });
    await expect(rig.members.bind(officer, 'c1', 'M1')).rejects.toMatchObject({ status: 403 });
    await rig.members.bind(actorWith('村主任'), 'c1', 'M1');
    await expect(rig.members.bind(actorWith('村主任'), 'c3', 'M3')).rejects.toMatchObject({ status: 403 });
    await rig.members.bind(actorWith('管理员'), 'c3', 'M3');
    expect(await rig.members.personOfContact('c3')).toBe('M3');
  });

  it('are forgotten thirty days after they expired, tries after a day', async () => {
    await addCode('507318', 'M1', { days: 1 });
    await rig.pass(30 * day);
    await rig.members.forgetExpired();
    await expect(rig.members.bindByCode('c1', '507318', 'in:1')).rejects.toMatchObject({
      code: 'members.code-expired',
    });
    await rig.pass(2 * day);
    await rig.members.forgetExpired();
    await expect(rig.members.bindByCode('c1', '507318', 'in:2')).rejects.toMatchObject({
      code: 'members.code-unknown',
    });
  });
});

describe('binding on a cadre’s word', () => {
  it('moves a contact to the right member and tells each binding', async () => {
    await rig.members.bind(systemActor, 'c1', 'M1');
    await rig.members.bind(systemActor, 'c1', 'M1');
    await rig.pass(1);
    await rig.members.bind(actorWith('村主任'), 'c1', 'M2');
    expect(await rig.members.personOfContact('c1')).toBe('M2');
    expect((await bound()).sort()).toEqual(['M1', 'M2']);
  });

  it('needs the right for the member and for whoever the contact was', async () => {
    await rig.members.bind(systemActor, 'c2', 'M2');
    await expect(rig.members.bind(actorWith('网格员', '一组'), 'c2', 'M1')).rejects.toMatchObject({ status: 403 });
    expect(await rig.members.personOfContact('c2')).toBe('M2');
  });

  it('takes a wrong binding back, and the code with it', async () => {
    await addCode('507318', 'M1', { uses: 2 });
    await rig.members.bindByCode('c1', '507318', 'in:1');
    await rig.members.unbind(actorWith('网格员', '一组'), 'c1');
    await rig.members.unbind(actorWith('网格员', '一组'), 'c1');
    expect(await rig.members.personOfContact('c1')).toBe('wx:c1');
    await expect(rig.members.bindByCode('c1', '507318', 'in:2')).rejects.toMatchObject({ code: 'members.code-used' });
  });
});
