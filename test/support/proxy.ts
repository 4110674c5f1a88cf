import { connect, createServer, type Socket } from 'node:net';

/** A way to a server of this machine that can be cut, as a cable is pulled. */
export interface Proxy {
  readonly port: number;
  /** Ends what stands and lets nobody through. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

export function openProxy(target: number): Promise<Proxy> {
  const open = new Set<Socket>();
  let through = true;
  const server = createServer((near) => {
    if (!through) {
      near.destroy();
      return;
    }
    const far = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.setNoDelay(true);
      one.on('error', () => undefined);
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  const cut = (): void => {
    through = false;
    for (const socket of open) socket.destroy();
  };
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') return;
      resolve({
        port: address.port,
        cut,
        mend: () => (through = true),
        close() {
          cut();
          return new Promise((closed) => server.close(() => closed()));
        },
      });
    });
  });
}
