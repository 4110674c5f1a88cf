import { describe, expect, it } from 'vitest';
import { fillPlaceholders } from '../../cli/replay/placeholders.ts';
import { bare, instantText, replyRows } from '../../cli/replay/replies.ts';
import { readGiven, readTranscript } from '../../cli/replay/transcript.ts';
import type { OutboxRow } from '../../src/messages/index.ts';

const line = { id: 'e1', at: '2026-03-18T09:31:22+08:00', room: '三组', from: 'M0180', mention: false, text: '活动' };

describe('a transcript', () => {
  it('is read line by line: messages, and what operators do', () => {
    const operator = {
      at: '2026-03-18T09:45:00+08:00',
      operator: 'M0167',
      do: 'activity.cancel',
      args: { activity: 'A7', reason: '人手不够' },
    };
    const lines = readTranscript(`${JSON.stringify(line)}\n\n${JSON.stringify(operator)}\n`, 'week.jsonl');
    expect(lines).toMatchObject([
      { message: { id: 'e1', room: '三组', at: new Date('2026-03-18T01:31:22Z') } },
      { operator: { operator: 'M0167', do: 'activity.cancel', args: { activity: 'A7' } } },
    ]);
  });

  it.each([
    ['{"id":', 'week.jsonl:1: not JSON'],
    [JSON.stringify({ ...line, at: '2026-03-18 09:31' }), 'week.jsonl:1: at not an instant with its offset'],
    [JSON.stringify({ ...line, from: undefined }), 'week.jsonl:1: from'],
    [JSON.stringify({ at: line.at, operator: 'M0001', do: 'notice.burn', args: {} }), 'week.jsonl:1: do'],
  ])('names the line that can not be read: %s', (text, message) => {
    expect(() => readTranscript(text, 'week.jsonl')).toThrow(message);
  });

  it('says what is there before', () => {
    const given = readGiven('{"clockStart":"2026-03-18T09:30:00+08:00","unbound":["M0253"],"votes":[]}', 'given.json');
    expect(given).toEqual({
      clockStart: new Date('2026-03-18T01:30:00Z'),
      unbound: ['M0253'],
      bindCodes: [],
      checkinCodes: {},
    });
  });
});

describe('placeholders', () => {
  const numberOf = (kind: string, message: string) => Promise.resolve(message === 'e25' ? `${kind}0001` : null);

  it('become the number of what the message made', async () => {
    expect(await fillPlaceholders('评价 {{FK:e25}} 5, {{FK:e25}}', numberOf)).toBe('评价 FK0001 5, FK0001');
  });

  it("become nobody's number when it made nothing", async () => {
    expect(await fillPlaceholders('附议 {{YS:m1}}', numberOf)).toBe('附议 0');
  });

  it('leave other text alone', async () => {
    expect(await fillPlaceholders('{{x}} 早', numberOf)).toBe('{{x}} 早');
  });
});

describe('replies', () => {
  const row = (fields: Partial<OutboxRow>): OutboxRow => ({
    _id: 'x',
    room: '三组',
    person: null,
    text: 't',
    mentions: [],
    kind: 'reply',
    priority: 0,
    state: 'sent',
    notBefore: new Date(0),
    quiet: false,
    optional: false,
    inReplyTo: null,
    subject: null,
    facts: {},
    createdAt: new Date(0),
    order: 0,
    claimedBy: null,
    claimedAt: null,
    sentAt: new Date('2026-03-18T09:31:22+08:00'),
    sentId: null,
    attempts: 1,
    error: null,
    ...fields,
  });

  it('have one row a person for reminders, offers and news, one for the rest', () => {
    const rows = replyRows([
      row({ kind: 'reminder', mentions: ['M0001', 'wx:wx-M0253'], facts: { 'activity:A1': 'T-1d M0001 wx:wx-M0253' } }),
      row({ kind: 'reply', mentions: ['M0001'], inReplyTo: 'wechaty:e0010' }),
      row({ kind: 'notice', mentions: [] }),
    ]);
    expect(rows.map(({ kind, to }) => [kind, to])).toEqual([
      ['reminder', 'M0001'],
      ['reminder', 'M0253'],
      ['reply', 'M0001'],
      ['notice', null],
    ]);
    expect(rows[0]).toMatchObject({ activity: 'A1', when: 'T-1d', at: '2026-03-18T09:31:22+08:00' });
    expect(rows[2]?.inReplyTo).toBe('e0010');
  });

  it('name a report by the message that made it, and leave out what was not said', () => {
    const said = row({
      kind: 'news',
      room: null,
      person: 'M0001',
      facts: { feedback: 'wechaty:e25', what: 'resolved' },
    });
    expect(replyRows([said, row({ state: 'failed' })])).toMatchObject([
      { to: 'M0001', feedback: 'e25', what: 'resolved' },
    ]);
  });

  it('come in the order in which they were said', () => {
    const later = row({ text: 'later', sentAt: new Date('2026-03-18T10:00:00+08:00') });
    expect(
      replyRows([later, row({ text: 'b', order: 2 }), row({ text: 'a', order: 1 })]).map(({ text }) => text),
    ).toEqual(['a', 'b', 'later']);
  });

  it('write instants as the transcript does', () => {
    expect(instantText(new Date('2026-03-17T23:00:00Z'))).toBe('2026-03-18T07:00:00+08:00');
    expect(bare('wechaty:e0001')).toBe('e0001');
  });
});
