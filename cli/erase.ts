import { readConfig, type Config } from '../src/config.ts';
import { systemActor } from '../src/shared/access.ts';
import { AppError } from '../src/shared/errors.ts';
import { atRest } from './at-rest.ts';

export const eraseUsage = `用法:cunkou erase 编号 --confirm 姓名 [--now]
  按本人要求抹去一个人的全部信息,不能恢复;不写 --confirm 时只看是谁,什么都不动
  用内置数据库时要先停下服务。用 MongoDB 时由运行中的服务做完;服务没有开着,加 --now`;

interface EraseArgs {
  readonly member: string;
  readonly name: string | null;
  readonly now: boolean;
}

/** Null for anything that the usage doesn't say. */
export function parseEraseArgs(args: readonly string[]): EraseArgs | null {
  let member: string | null = null;
  let name: string | null = null;
  let now = false;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--now') now = true;
    else if (arg === '--confirm' && name === null && (args[at + 1] ?? '') !== '') name = args[++at] ?? null;
    else if (!arg.startsWith('-') && arg !== '' && member === null) member = arg;
    else return null;
  }
  return member === null ? null : { member, name, now };
}

/** `cunkou erase`: 0 when the person is erased or it is under way, 1 when nothing was done, 2 when called wrongly. */
export async function eraseCommand(
  args: readonly string[],
  config: Config = readConfig(),
  print: (text: string) => void = console.log,
): Promise<number> {
  const asked = parseEraseArgs(args);
  if (asked === null) {
    print(eraseUsage);
    return 2;
  }
  const { member, name } = asked;
  return atRest(config, async ({ members }) => {
    const before = await members.erasures.of(member);
    if (name === null && before === null) {
      const found = await members.get(member);
      if (found === null) throw new AppError('members.not-found', 404);
      print(`${found._id} ${found.name}(${found.grid},${found.household}户)。什么都没有动。`);
      print(`确定要抹去:cunkou erase ${member} --confirm ${found.name}`);
      return 1;
    }
    if (before === null) await members.erase(systemActor, member, { member, name: name ?? '' });
    // Others may work on MongoDB at this moment: what they have under way comes to rest first.
    await members.erasures.finish(config.mongoUri === null || asked.now ? 'all' : 'settled');
    const done = (await members.erasures.of(member))?.state === 'done';
    print(done ? `${member} 已经抹去。` : `${member} 正在抹去,一两分钟后由运行中的服务做完。`);
    print('更早的备份里还有这个人:请马上另做一份备份,旧的按期删掉。');
    return 0;
  });
}
