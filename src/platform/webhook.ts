import { z } from 'zod';

/** What somebody must be told who does not sit at the machine. No names, numbers or words of members. */
export interface Alarm {
  /** The same for each try of the same alarm. */
  readonly id: string;
  /** What happened, a fixed word (`wechat.outage`). */
  readonly event: string;
  readonly text: string;
  readonly since: Date;
}

const deadlineMs = 10_000;

/** Robots of 企业微信 and 钉钉 take a text of their own shape; anybody else gets the facts. */
export function alarmBody(url: string, { id, event, text, since }: Alarm): object {
  const { hostname } = new URL(url);
  if (hostname === 'qyapi.weixin.qq.com' || hostname === 'oapi.dingtalk.com')
    return { msgtype: 'text', text: { content: text } };
  return { id, event, text, since: since.toISOString() };
}

/** Both robots answer 200 to what they refuse, with a number that tells why. */
const answer = z.looseObject({ errcode: z.number().optional() });

/**
 * Posts the alarm; rejects when it was not taken within ten seconds. The address is a password to the place where
 * alarms are read, so no fault bears it.
 */
export function createWebhook(url: string): (alarm: Alarm) => Promise<void> {
  return async (alarm) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(alarmBody(url, alarm)),
      redirect: 'error',
      signal: AbortSignal.timeout(deadlineMs),
    }).catch((fault: unknown) => {
      throw new Error(`the webhook can't be reached (${fault instanceof Error ? fault.name : 'fault'})`);
    });
    const text = await response.text().catch(() => '');
    if (!response.ok) throw new Error(`the webhook answered ${response.status}`);
    const code = refusal(text);
    if (code !== 0) throw new Error(`the webhook refused it (${code})`);
  };
}

function refusal(text: string): number {
  try {
    return answer.safeParse(JSON.parse(text)).data?.errcode ?? 0;
  } catch {
    return 0;
  }
}
