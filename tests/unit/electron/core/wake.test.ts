import { request, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { nodeScrypt } from '../../../../crm/node-crypto.ts';
import { must } from '../../../../sync/base/must.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { addStampMember } from '../../../parts/storm-ledger.ts';
import type { TestTill } from '../../../parts/till.ts';
import { MANAGER_PIN, openTestCentre, type TestCentre } from '../../crm/test-centre.ts';
import { injected, makeCode } from '../../crm/test-till.ts';
import { createShelf } from './shelf.ts';

/** Below the time after which the centre answers an open question in any case. */
const HEARD_WITHIN_MS = 20_000;

let postgres: PostgresPart;
let centre: TestCentre;
let centreUrl: URL;
beforeAll(async () => {
  postgres = await startPostgres();
  centre = await openTestCentre({ url: await postgres.createDatabase(), scrypt: nodeScrypt });
  await centre.app.listen({ host: '127.0.0.1', port: 0 });
  centreUrl = new URL(`http://127.0.0.1:${(centre.app.server.address() as AddressInfo).port}`);
}, 60_000);
afterAll(async () => {
  await centre.close();
  await postgres.stop();
});

const { newFolder, open, clear } = createShelf();
let line: Line | null = null;
afterEach(async () => {
  await clear();
  await line?.close();
  line = null;
});

/** A till's line on which exchanges wait for an answer to its open question: the clock of the till opens nothing. */
class Line {
  readonly #server: Server;
  #isHeld = false;
  #waiting: (() => void)[] = [];
  /** When the first question was answered since the line is held. */
  wokenAtMs: number | null = null;

  constructor() {
    this.#server = createServer((incoming, outgoing) => void this.#pass(incoming, outgoing));
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  hold(): void {
    this.#isHeld = true;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = incoming;
    const body = await buffer(incoming);
    const isQuestion = url.startsWith('/v1/wake');
    if (this.#isHeld && !isQuestion) await new Promise<void>((go) => this.#waiting.push(go));
    const sent = request(new URL(url, centreUrl), { method, headers: { ...headers, host: centreUrl.host } });
    outgoing.once('close', () => sent.destroy());
    sent.once('error', () => outgoing.destroy());
    sent.once('response', (answer) => {
      if (this.#isHeld && isQuestion) this.#wake();
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    sent.end(body);
  }

  #wake(): void {
    this.#isHeld = false;
    this.wokenAtMs = performance.now();
    for (const go of this.#waiting.splice(0)) go();
  }
}

async function enrol(serverUrl: string): Promise<TestTill> {
  const till = open(newFolder());
  const code = await makeCode(injected(centre.app));
  await till.client['till.enrol']({ serverUrl, code, tillName: 'Till' });
  await till.client['session.signIn']({ login: 'manager', pin: MANAGER_PIN });
  return till;
}

/** Resolves at the next event `name` after which `isSo`. */
async function untilSo(till: TestTill, isSo: () => Promise<boolean>): Promise<void> {
  for (let heard = -1; !(await isSo());) {
    heard = till.events.length;
    while (till.events.length === heard) await new Promise((resolve) => setImmediate(resolve));
  }
}

test(
  'a till that runs is woken by the stamp of another one, and shows it without a look of its own',
  async () => {
    line = new Line();
    const one = await enrol(centreUrl.href.replace(/\/$/, ''));
    const two = await enrol(await line.open());
    const { memberId, cardId } = await addStampMember(one.client, 'Tan');
    await one.client['sync.run']({});
    await two.client['sync.run']({});
    const stampsAtTwo = async (): Promise<number> => {
      const { cards } = await two.client['members.get']({ memberId });
      return must(cards[0], 'one card').balance.confirmed;
    };
    expect(await stampsAtTwo()).toBe(0);
    line.hold();
    two.core.start();
    one.core.start();
    const startMs = performance.now();
    await one.client['stamps.add']({ opId: one.opId(), cardId, count: 3 });
    await untilSo(two, async () => (await stampsAtTwo()) === 3);
    const shownMs = performance.now() - startMs;
    expect(line.wokenAtMs).not.toBeNull();
    process.stdout.write(`stamp at one till, shown at another: ${shownMs.toFixed(0)} ms\n`);
  },
  HEARD_WITHIN_MS,
);
