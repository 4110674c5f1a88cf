import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/shared/errors.ts';
import { createLog, quietLog } from '../../src/platform/log.ts';

function open() {
  const written: string[] = [];
  const log = createLog({ level: 'info', destination: { write: (line) => written.push(line) } });
  return { log, written, lines: () => written.map((line): unknown => JSON.parse(line)) };
}

describe('the log', () => {
  it('writes one line of JSON for an event, with its facts', () => {
    const { log, lines } = open();
    log.info('outbox.sent', { outbox: 'n1:V001', tries: 2 });
    log.debug('outbox.looked');
    expect(lines()).toEqual([
      { level: 'info', time: expect.any(String), outbox: 'n1:V001', tries: 2, event: 'outbox.sent' },
    ]);
  });

  it('carries the facts of a child on every line', () => {
    const { log, lines } = open();
    log.child({ role: 'bot' }).warn('channel.lost', { channel: 'wechaty' });
    expect(lines()).toMatchObject([{ level: 'warn', role: 'bot', channel: 'wechaty', event: 'channel.lost' }]);
  });

  it('strikes out personal facts that slipped through the types', () => {
    const { log, written } = open();
    const careless: Record<string, string> = { text: '路灯坏了', phone: '13800000000', member: 'V001' };
    log.info('inbox.received', careless);
    log.fault('pipeline.failed', new AppError('feedback.not-found', 404, { name: '王桂香', ticket: 315 }));
    expect(written.join('')).not.toMatch(/路灯|138|王桂香/);
    expect(written.join('')).toContain('"member":"V001"');
    expect(written.join('')).toContain('"ticket":315');
  });

  it('tells a fault by its code and place and its causes, not by its message', () => {
    const { log, lines, written } = open();
    const cause = Object.assign(new Error('connect failed for 王桂香\n    at home of 王桂香'), {
      code: 'ECONNREFUSED',
    });
    log.fault('queue.failed', new AppError('queue.unreachable', 503, { queue: 'notice.say' }, { cause }));
    expect(lines()).toMatchObject([
      {
        level: 'error',
        event: 'queue.failed',
        fault: { code: 'queue.unreachable', facts: { queue: 'notice.say' }, cause: { code: 'ECONNREFUSED' } },
      },
    ]);
    expect(written.join('')).toContain('log.test.ts');
    expect(written.join('')).not.toContain('王桂香');
  });

  it('bears faults that are no errors, and causes that go in a circle', () => {
    const { log, lines } = open();
    const circle = new TypeError('round');
    circle.cause = circle;
    log.fault('odd', '王桂香');
    log.fault('odd', circle);
    expect(lines()).toMatchObject([{ fault: { code: 'string' } }, { fault: { code: 'TypeError' } }]);
  });

  it('can be quiet', () => {
    expect(() => quietLog.child({ a: 1 }).fault('nothing', new Error('x'))).not.toThrow();
  });
});
