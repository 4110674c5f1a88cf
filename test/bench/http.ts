import Koa from 'koa';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { members as people, type Member } from '../../src/members/members.model.ts';
import { createLog } from '../../src/platform/log.ts';
import { buildHttp, type Client, type HttpBench } from '../support/http.ts';
import { compare, inFlight, type Figure, type Run } from './measure.ts';

const width = 10;
const listed = 20;
const inVillage = 500;

const rowOf = (n: number): Member => ({
  _id: `B${String(n).padStart(4, '0')}`,
  name: '王秀英',
  sex: '女',
  born: '1961-05',
  household: `H${Math.floor(n / 3)}`,
  relation: '户主',
  grid: '一组',
  tags: ['党员'],
  nickname: '秀英',
  phone: null,
  registeredAt: new Date('2026-03-01T08:00:00+08:00'),
});

/** A village with its service, and a Koa beside it that does the same store call and nothing else. */
interface Both {
  readonly bench: HttpBench;
  readonly signedIn: Client;
  readonly bareUrl: string;
  readonly bare: Server;
}

async function open(): Promise<Both> {
  const bench = await buildHttp({
    part: { log: createLog({ level: 'info', destination: { write: () => undefined } }) },
  });
  const rows = bench.store.collection(people);
  await inFlight(inVillage, 100, (n) => rows.insert(rowOf(n)));
  const koa = new Koa();
  koa.use(async (ctx) => {
    const found = await bench.members.list({ grids: null }, { after: null, limit: listed + 1 });
    ctx.body = { items: found.slice(0, listed), next: found[listed]?._id ?? null };
  });
  const answer = koa.callback();
  const bare = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', () => resolve()));
  const { port } = bare.address() as AddressInfo;
  return { bench, bare, bareUrl: `http://127.0.0.1:${port}`, signedIn: await bench.as('村支书') };
}

/** A connection that only counts bytes, so that the client's own work doesn't hide the servers'. */
async function connectTo(url: string, cookie: string): Promise<{ ask(): Promise<string>; close(): void }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.setNoDelay(true);
  const request = [
    `GET /api/v1/members?limit=${listed} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    ...(cookie === '' ? [] : [`Cookie: ${cookie}`]),
    '\r\n',
  ].join('\r\n');
  let answer = '';
  let told: (answer: string) => void = () => undefined;
  socket.setEncoding('latin1');
  socket.on('data', (data: string) => {
    answer += data;
    const end = answer.indexOf('\r\n\r\n');
    const length = /content-length: (\d+)/i.exec(answer.slice(0, end))?.[1];
    if (end < 0 || length === undefined || answer.length < end + 4 + Number(length)) return;
    const whole = answer;
    answer = '';
    told(whole);
  });
  return {
    ask: () =>
      new Promise((resolve) => {
        told = resolve;
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}

/** A list of 20 over HTTP: session, rights, checks, headers, log and metrics against the store call and its JSON. */
export async function httpFigures(n: number): Promise<Figure[]> {
  const { bench, bare, bareUrl, signedIn } = await open();
  const cookie = [...signedIn.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const run = (url: string, sent: string) => (): Run => {
    let open: Awaited<ReturnType<typeof connectTo>>[] = [];
    return {
      async prepare() {
        open = await Promise.all(Array.from({ length: width }, () => connectTo(url, sent)));
      },
      async work() {
        await inFlight(width, width, async (at) => {
          for (let i = 0; i < n / width; i++) {
            const answer = await open[at]?.ask();
            if (answer?.startsWith('HTTP/1.1 200') !== true) throw new Error(`answered ${answer?.slice(0, 40)}`);
          }
        });
      },
      finish: () => Promise.resolve(open.forEach((one) => one.close())),
    };
  };
  try {
    return [await compare(`HTTP, a list of ${listed}`, n, run(bench.url, cookie), run(bareUrl, ''))];
  } finally {
    bare.closeAllConnections();
    bare.close();
    await bench.close();
  }
}
