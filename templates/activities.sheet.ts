import type { Roster } from '../src/activities/index.ts';
import { formatSpan } from '../src/shared/calendar/index.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const safe = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign);

/** 签到表 to print on A4: who comes, with room for a signature. */
export function signUpSheet({ activity, lines }: Roster): string {
  const rows = lines.map(
    ({ number, name, grid, people, along, by, waits, alone }) =>
      `<tr><td>${number}</td><td>${safe(name)}</td><td>${safe(grid ?? '')}</td><td>${people}</td><td>${safe(
        [
          ...along,
          ...(by === null ? [] : [`${by}代报`]),
          ...(waits ? ['候补'] : []),
          ...(alone ? ['没有大人'] : []),
        ].join('、'),
      )}</td><td></td></tr>`,
  );
  const coming = lines.filter(({ waits }) => !waits).reduce((sum, { people }) => sum + people, 0);
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${safe(activity.name)}签到表</title>
<style>@page{size:A4;margin:18mm}body{font:14px/1.6 sans-serif}table{width:100%;border-collapse:collapse}
td,th{border:1px solid #333;padding:4px 8px;text-align:left}td:last-child{width:30%}tr{break-inside:avoid}</style></head>
<body><h1>${safe(activity.name)}签到表</h1>
<p>时间:${formatSpan(activity.startsAt, activity.endsAt)}<br>地点:${safe(activity.meet ?? '')}<br>已报${coming}人,名额${activity.seats.capacity}人</p>
<table><thead><tr><th>序号</th><th>姓名</th><th>网格</th><th>人数</th><th>备注</th><th>签到</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></body></html>
`;
}
