import { spawn } from 'node:child_process';

export interface Outcome {
  code: number | null;
  output: string;
}

export interface RunOptions {
  cwd?: string;
  /** Added to the environment; undefined takes a variable out. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Called with all that was said so far. */
  onOutput?: (output: string, child: { pid: number | undefined; kill: (signal: NodeJS.Signals) => void }) => void;
}

/** Runs Node with these arguments to its end. */
export function runNode(args: readonly string[], { cwd, env, onOutput }: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const listen = (data: Buffer): void => {
      output += data.toString();
      onOutput?.(output, { pid: child.pid, kill: (signal) => child.kill(signal) });
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
