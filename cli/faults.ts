import { isAppError } from '../src/shared/errors.ts';

type Facts = Readonly<Record<string, unknown>>;

const lines: Readonly<Record<string, (facts: Facts) => string>> = {
  'store.locked': ({ pid }) => `数据文件夹正由进程 ${String(pid)} 使用,请先停下它`,
  'store.damaged': () => '数据文件夹里的数据损坏了,请从备份恢复到一个新的文件夹',
  'store.unwritable': () => '数据文件夹不能写:请看权限和剩余空间',
  'store.unreadable': () => '数据文件夹不能读:请看权限(用运行服务的那个用户)',
  'store.unreachable': () => '连不上 MongoDB',
  'store.newer': () => '数据是更新的版本写的,请用那个版本的程序',
  'store.restoring': () => '上次恢复没有做完:请再运行一次 cunkou restore 文件,做完才能启动',
  'backup.nothing': () => '这里还没有村子的数据,没有什么可备份',
  'backup.exists': () => '这个文件已经有了,备份不覆盖它,请换个名字',
  'backup.damaged': () => '备份文件不完整或损坏了,什么都没有恢复',
  'backup.newer': () => '备份是更新的版本写的,什么都没有恢复:请先升级程序',
  'backup.not-empty': () =>
    '这里已经有村子的数据,什么都没有恢复,也不覆盖:请换一个空的数据文件夹(CUNKOU_DATA)或数据库名',
  'backup.no-keys': () =>
    '这里没有备份当时的加密钥匙,什么都没有恢复:请先放好 keys.json 或设置 CUNKOU_KEYS;真的没有了,加 --without-keys',
  'backup.other-keys': ({ key }) =>
    `这里的加密钥匙不是备份当时的(${String(key)}),什么都没有恢复:请换成当时的;真的没有了,加 --without-keys`,
  'erasures.damaged': () => '抹去名单(erasures 文件)不完整或损坏了,什么都没有恢复:请换一份好的',
  'erasures.missing': () => '没有这份抹去名单,什么都没有恢复',
  'erasures.newer': () => '抹去名单是更新的版本写的,什么都没有恢复:请先升级程序',
  'erasures.other-village': () => '这份抹去名单是别的村子的,什么都没有恢复',
  'members.not-found': () => '名册里没有这个人',
  'members.not-confirmed': () => '编号和姓名跟名册对不上,没有动',
  'members.last-admin': () => '这是最后一个管理员,不能抹去',
  'keys.damaged': () => 'keys.json 读不了:请从备份或保管处取回,不要删掉重来',
};

/** What a fault is called for a person at the machine; null when it has no line of its own. */
export function faultLine(fault: unknown): string | null {
  if (isAppError(fault)) return lines[fault.code]?.(fault.facts) ?? null;
  const { code, path } = fault as NodeJS.ErrnoException;
  if (!(fault instanceof Error) || code === undefined || !/^E[A-Z]+$/.test(code)) return null;
  const what = { ENOENT: '没有这个文件或文件夹', EACCES: '没有权限', ENOSPC: '磁盘满了', EISDIR: '这是文件夹' }[code];
  return what === undefined ? null : `${what}${path === undefined ? '' : `:${path}`}`;
}
