import { ConfigError } from '../src/config.ts';
import { isAppError } from '../src/shared/errors.ts';
import { faultLine } from './faults.ts';

/** Takes the arguments after its name; the exit code. */
export type Command = (args: readonly string[]) => Promise<number>;

const commands: Readonly<Record<string, { about: string; load: () => Promise<Command> }>> = {
  start: { about: '正式启动', load: async () => (await import('./start.ts')).startCommand },
  demo: { about: '用示例村演示', load: async () => (await import('./demo.ts')).demoCommand },
  import: {
    about: '导入村子的表格:import --village 目录 [--dry-run]',
    load: async () => (await import('./import-here.ts')).importHereCommand,
  },
  doctor: { about: '检查:配了什么,连得上什么,缺什么', load: async () => (await import('./doctor.ts')).doctorCommand },
  backup: {
    about: '备份,可以边运行边做:backup 文件或文件夹 [--with-keys] [--keep 份数]',
    load: async () => (await import('./backup.ts')).backupCommand,
  },
  restore: {
    about: '从备份恢复到空的村子:restore 文件 [--moved] [--erasures 文件]',
    load: async () => (await import('./restore.ts')).restoreCommand,
  },
  erase: {
    about: '按本人要求抹去一个人:erase 编号 --confirm 姓名',
    load: async () => (await import('./erase.ts')).eraseCommand,
  },
  replay: {
    about: '重放一段聊天:replay 文件.jsonl --village 目录',
    load: async () => (await import('./replay.ts')).replayCommand,
  },
};

function usage(): string {
  const rows = Object.entries(commands).map(([name, { about }]) => `  cunkou ${name.padEnd(8)} ${about}`);
  return `用法:\n${rows.join('\n')}`;
}

async function main(args: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = args;
  const command = commands[name];
  if (command === undefined) {
    const asked = ['help', '--help', '-h'].includes(name);
    (asked ? console.log : console.error)(asked ? usage() : `没有这个命令:${name}\n${usage()}`);
    return asked ? 0 : 2;
  }
  try {
    return await (
      await command.load()
    )(rest);
  } catch (fault) {
    console.error(explain(fault));
    return 1;
  }
}

/** A line a person can act on; a stack only for faults of ours, when asked for. */
function explain(fault: unknown): string {
  if (fault instanceof ConfigError) return `配置有问题:\n${fault.faults.map((line) => `  ${line}`).join('\n')}`;
  const line = faultLine(fault);
  if (line !== null) return `没有办成:${line}`;
  if (isAppError(fault)) return `没有办成:${fault.code} ${JSON.stringify(fault.facts)}`;
  if (!(fault instanceof Error)) return `没有办成:${String(fault)}`;
  const usageFault = 'code' in fault && String(fault.code).startsWith('ERR_PARSE_ARGS');
  return usageFault ? `参数不对:${fault.message}\n${usage()}` : `没有办成:${fault.stack ?? fault.message}`;
}

process.exitCode = await main(process.argv.slice(2));
