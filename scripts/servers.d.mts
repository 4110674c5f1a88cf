/** A server that the tests started on loopback, with its data in a temporary folder. */
export interface Server {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly folder: string;
  /** Ends it and removes the folder if it made it; SIGKILL for tests of crashes. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export function startRedis(options?: { port?: number; folder?: string; password?: string }): Promise<Server>;
export function startMongo(options?: { databases?: readonly string[] }): Promise<Server & { lacks?: string[] }>;
/** What the services suite may write to: `cunkou`, and `cunkou_PART_N` for each part of the suite. */
export const testDatabases: readonly string[];
/** A Chromium or Chrome on PATH. */
export function findChromium(): { readonly name: string; readonly command: string } | undefined;
