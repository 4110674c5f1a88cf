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

export function startRedis(options?: { port?: number; folder?: string }): Promise<Server>;
export function startMongo(): Promise<Server>;
/** A Chromium or Chrome on PATH. */
export function findChromium(): { readonly name: string; readonly command: string } | undefined;
