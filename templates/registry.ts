import type { Fault, FaultCode, ImportReport } from '../src/registry/index.ts';

const table: Readonly<Record<string, string>> = {
  'table.too-large': '文件太大了',
  'table.too-many-rows': '行数太多了',
  'table.empty': '文件是空的',
  'table.old-excel': '这是旧版 .xls,请另存为 .xlsx 或 CSV',
  'table.not-xlsx': '打不开,不是完好的 .xlsx',
  'table.not-text': '不是文本文件,或编码认不出(要 UTF-8 或 GB18030)',
  'table.bad-bytes': '有认不出的字节,请用 UTF-8 或 GB18030 保存',
  'table.bad-quote': '引号没有配对',
  'table.too-many-cells': '这一行的格子比表头多',
  'table.duplicate-column': '表头有两列同名',
  'table.unnamed-column': '这一列没有表头却有内容',
  'table.number-too-long': '数字太长,Excel 会改掉后几位,请把这一列设成文本',
};

type Facts = Fault['facts'];

const reasons: Readonly<Record<FaultCode, (facts: Facts) => string>> = {
  'missing-files': () => '文件夹里没有 members、grids、gardens、calendar 中的任何一个',
  'two-files': ({ other }) => `和 ${other} 重复,请只留一个`,
  unreadable: ({ table: code }) => table[String(code)] ?? '读不了',
  'missing-column': () => '缺这一列',
  required: () => '不能空着',
  'bad-id': () => '只能用字、字母、数字、-和_,也不能和上级同名',
  'bad-name': () => '姓名里有不该有的符号',
  'too-long': ({ most }) => `太长了,最多${most}个字`,
  duplicate: ({ first }) => `和第${first}行重复`,
  'bad-sex': () => '只能写男或女',
  'bad-month': () => '要写成年-月,如 1968-09',
  'future-month': () => '还没有到这个月',
  'unknown-grid': ({ grid }) => `没有"${grid}"这个网格`,
  'unknown-role': ({ role }) => `没有"${role}"这个角色`,
  'bad-phone': () => '不是电话号码(手机11位,座机带区号)',
  'no-keys': () => '没有配置密钥,手机号不能保存',
  'two-heads': ({ household, first }) => `${household}户有两个户主,另一个在第${first}行`,
  'household-grids': ({ household, first }) => `${household}户的人在不同的网格,见第${first}行`,
  'bad-number': () => '要写数字',
  'no-root': () => '每个网格都有上级,找不到村',
  'two-roots': ({ roots }) => `最上面只能有一个村,现在有:${roots}`,
  'other-root': ({ root }) => `村已经是"${root}",不能换`,
  'grid-cycle': () => '上级绕成了一圈',
  'topic-taken': ({ room }) => `这个群名已经是"${room}"的`,
  'unknown-household': ({ household }) => `没有${household}这一户`,
  'bad-json': () => '不是正确的 JSON',
  'bad-calendar': () => '内容不对,请看说明里的样子',
  'calendar-timezone': () => '只能是 Asia/Shanghai',
};

/** One fault with its place: `members.csv 第5行「出生年月」:要写成年-月,如 1968-09`. */
export function fault({ file, line, column, code, facts }: Fault): string {
  const place = `${line === null ? '' : ` 第${line}行`}${column === null ? '' : `「${columnName(column)}」`}`;
  return `${file}${place}:${reasons[code](facts)}`;
}

/** A column without a usable name is known by its number. */
function columnName(column: string): string {
  return /^\d+$/.test(column) ? `第${column}列` : column;
}

/** What an import did, or would do, or why it did nothing. For the console of an admin. */
export function report(it: ImportReport): string {
  const { counts } = it;
  if (counts === null) {
    return [`有${it.faults.length}处不对,什么都没有导入:`, ...it.faults.map(fault)].join('\n');
  }
  const { members, grids, rooms, gardens, roles } = counts;
  const rows = (name: string, { added, changed, same }: typeof members): string =>
    `${name}:新增${added},更新${changed},没变${same}`;
  return [
    it.dryRun ? '检查通过,没有导入(试运行)。导入会是:' : '导入好了。',
    `${rows('村民', members)}(共${counts.households}户)`,
    rows('网格', grids),
    rows('微信群', rooms),
    rows('花园', gardens),
    `角色:新给${roles.granted},结束${roles.ended}`,
    ...(roles.refused > 0 ? [`有${roles.refused}个角色已被人工取消,名册里还写着,没有恢复。`] : []),
    ...(counts.erased > 0 ? [`有${counts.erased}人已按要求抹去,名册里还写着,没有再导入。`] : []),
    ...(counts.calendar ? ['村历:更新'] : []),
    ...(it.headless.length > 0 ? [`没有户主的户:${it.headless.join('、')}`] : []),
  ].join('\n');
}
