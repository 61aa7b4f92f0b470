import { zstdDecompressSync } from 'node:zlib';
import { pino, type Logger } from 'pino';
import { z } from 'zod';
import type { Centre } from '../../crm/centre.ts';
import { exchange } from '../../crm/exchange.ts';
import { createCounters } from '../../crm/metrics.ts';
import { checkClose } from '../../crm/close/check-close.ts';
import { createFeedService } from '../../crm/feed/service.ts';
import { createCentreSigner } from '../parts/memory-repos/keys.ts';
import { serveFeed, type FeedAnswer } from './feed-routes.ts';
import { createGroupWriter } from '../../crm/group-writer.ts';
import { createHistory } from '../../crm/history.ts';
import { createPushOrder, type PushOrder } from '../../crm/push-order.ts';
import { beginIncarnation } from '../../crm/incarnations.ts';
import { nodeSigning } from '../../crm/node-crypto.ts';
import { assertProtocol } from '../../crm/routes/exchange.ts';
import { CentreRefusal } from '../../crm/refusal.ts';
import { assertLiving } from '../../crm/standing.ts';
import type { TillRow } from '../../crm/repos/tills.ts';
import type { Crypto } from '../../sync/base/crypto.ts';
import { giveHolds } from '../../crm/spending/holds.ts';
import { takeSpill } from '../../crm/spills.ts';
import { keepStrays } from '../../crm/strays.ts';
import { CloseRequest } from '../../sync/close/receipt.ts';
import { SpillRequest } from '../../sync/protocol/spill.ts';
import { ExchangeRequest, IncarnationRequest, StraysRequest } from '../../sync/protocol/exchange.ts';
import { HoldsRequest } from '../../sync/protocol/holds.ts';
import { INCARNATION_HEADER, SIGNATURE_HEADER, signedLine } from '../../sync/protocol/signature.ts';
import type { MemoryCentre } from '../parts/memory-centre.ts';
import { findTillByToken } from '../parts/memory-repos/tills.ts';
import { sqlReads, sqlUnit } from '../parts/memory-store.ts';
import type { UnitRunner } from '../parts/memory-units.ts';
import type { Answer, Request } from './network.ts';
import { Violation, type World } from './world.ts';

const STEP_MAX_MS = 4;
const log = pino({ level: 'silent' });

/** How the centre keeps a till's secret. */
export const tokenHash = (world: World, token: string): string =>
  world.crypto.sha256Hex(`till-token ${token}`);

/** Steps of one life of a process. Once it is dead, nothing that waits for a step ever goes on. */
class Life implements UnitRunner {
  isOver = false;
  /** Steps until the process dies by itself; null: it does not. */
  stepsLeft: number | null = null;
  readonly #world: World;
  readonly #onEnd: () => void;

  constructor(world: World, onEnd: () => void) {
    this.#world = world;
    this.#onEnd = onEnd;
  }

  async pause(): Promise<void> {
    // What comes late to a dead process must not end the one that goes on in its place.
    if (this.stepsLeft !== null && !this.isOver) {
      this.stepsLeft -= 1;
      if (this.stepsLeft <= 0) this.#onEnd();
    }
    if (!this.isOver) await this.#world.sleep(this.#world.random.int(STEP_MAX_MS));
    if (this.isOver) await new Promise(() => undefined);
  }
}

function uuidFrom(crypto: Crypto): string {
  const hex = crypto.randomHex(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `7${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}

type Route = (centre: Centre, till: TillRow, body: unknown) => Promise<unknown>;

const assertOwn = <Body extends { tillId: string }>(till: TillRow, body: Body): Body => {
  if (body.tillId !== till.tillId) throw new CentreRefusal('unauthorised', 'Another till.');
  return body;
};

/** As the routes do it: the shape first, then whose it is, then the centre's own function. */
const ROUTES: Readonly<Record<string, Route>> = {
  '/v1/exchange': (centre, till, body) =>
    exchange(centre, till, assertOwn(till, ExchangeRequest.parse(body))),
  '/v1/incarnations': (centre, till, body) =>
    beginIncarnation(centre, till.tillId, assertOwn(till, IncarnationRequest.parse(body))),
  '/v1/holds': (centre, till, body) =>
    giveHolds(centre, assertOwn(till, HoldsRequest.parse(body)), () => uuidFrom(centre.crypto)),
  '/v1/closes': (centre, till, body) => checkClose(centre, till, assertOwn(till, CloseRequest.parse(body))),
  '/v1/spills': (centre, till, body) =>
    takeSpill(centre, Buffer.from(assertOwn(till, SpillRequest.parse(body)).spill, 'base64'), null),
  '/v1/strays': (centre, till, body) => keepStrays(centre, till, assertOwn(till, StraysRequest.parse(body))),
};

/** Where a stopped copy hears why, or hands in its work: these judge by themselves. */
const HEARD = new Set(['/v1/exchange', '/v1/incarnations', '/v1/strays', '/v1/spills']);

/** Bodies say it themselves, and their functions look. */
function incarnationOf({ headers }: Request): number | undefined {
  const said = headers[INCARNATION_HEADER];
  return said === undefined ? undefined : Number(said);
}

function rawBodyOf({ headers, body }: Request): Uint8Array {
  if (headers['content-encoding'] !== 'zstd') return body;
  try {
    return zstdDecompressSync(body);
  } catch {
    throw new CentreRefusal('bad_request', 'Not readable zstd.');
  }
}

/** One process of the centre: the product's own functions over the memory database. The only file that knows it. */
export class CentreNode {
  readonly name: string;
  /** Codes with which something was refused. */
  readonly refused = new Set<string>();
  /** A till's word, not its console's, told it that its database was put back. */
  wasFoundOut = false;
  /** Ops came before the fates of those before them were known to the till. */
  tookAhead = false;
  readonly #world: World;
  readonly #store: MemoryCentre;
  #life: Life;
  #centre: Centre;

  readonly #isSigned: boolean;

  constructor(world: World, store: MemoryCentre, { name, isSigned }: { name: string; isSigned: boolean }) {
    this.#isSigned = isSigned;
    this.#world = world;
    this.#store = store;
    this.name = name;
    this.#life = new Life(world, () => this.crash());
    this.#centre = this.#wire();
  }

  get isUp(): boolean {
    return !this.#life.isOver;
  }

  /** Null while the process is down. */
  answer(request: Request): Promise<Answer> | null {
    return this.isUp ? this.#answer(request) : null;
  }

  /**
   * Somebody at the centre does something, as a route or its console does; never resolves when the process dies
   * meanwhile.
   */
  run<T>(act: (centre: Centre) => Promise<T>): Promise<T> {
    return act(this.#centre);
  }

  /** The process dies after so many more steps, wherever it then is. */
  planCrash(steps: number): void {
    this.#life.stepsLeft = steps;
  }

  /** Whatever was planned does not come; a dead process starts. */
  calm(): void {
    this.#life.stepsLeft = null;
    this.restart();
  }

  crash(): void {
    if (this.#life.isOver) return;
    this.#life.isOver = true;
    this.#store.drop(this.#life);
    this.#world.tell(`${this.name} dies`);
  }

  restart(): void {
    if (this.isUp) return;
    this.#life = new Life(this.#world, () => this.crash());
    this.#centre = this.#wire();
    this.#world.tell(`${this.name} starts`);
  }

  #wire(): Centre {
    const database = this.#store.databaseFor(this.#life);
    const clock = { nowMs: () => this.#world.nowMs() };
    const { crypto } = this.#world;
    const writer = createGroupWriter({
      runUnit: sqlUnit(database, crypto),
      reads: sqlReads(database, crypto),
      clock,
    });
    const counters = createCounters();
    const feed = createFeedService({ database, clock, log, signer: createCentreSigner(database.sql) });
    // Cast: people are not asked for here.
    const order = createPushOrder((ms) => this.#world.sleep(ms));
    const pushes: PushOrder = {
      enter: (run) => {
        this.tookAhead ||= run.base > run.hiTseq;
        return order.enter(run);
      },
    };
    // The one fault that this part of the centre logs.
    const heard = { ...log, error: () => void (this.wasFoundOut = true) } as unknown as Logger;
    const history = createHistory({ database, crypto, log: heard });
    return { database, writer, pushes, history, counters, feed, clock, crypto, log } as unknown as Centre;
  }

  async #answer(request: Request): Promise<Answer> {
    const { isOver } = this.#life;
    if (isOver) return new Promise(() => undefined);
    const toAnswer = (status: number, value: unknown): Answer => ({
      status,
      body: new TextEncoder().encode(JSON.stringify(value)),
    });
    try {
      const served = await this.#serve(request);
      return 'bytes' in served ? { status: 200, body: served.bytes } : toAnswer(200, served.value);
    } catch (cause) {
      if (cause instanceof CentreRefusal) {
        this.refused.add(cause.code);
        return toAnswer(cause.status, { code: cause.code, message: cause.message });
      }
      if (cause instanceof z.ZodError || cause instanceof SyntaxError)
        return toAnswer(400, { code: 'bad_request', message: 'Not well formed.' });
      this.#world.fail(new Violation('the centre answered 500', { cause }));
      return toAnswer(500, { code: 'bug', message: 'bug' });
    }
  }

  async #serve(request: Request): Promise<FeedAnswer> {
    const { path, headers } = request;
    const secret = /^Bearer ([0-9a-f]{64})$/.exec(headers['authorization'] ?? '')?.[1] ?? '';
    const till = await findTillByToken(this.#centre.database.sql, tokenHash(this.#world, secret));
    if (till === undefined) throw new CentreRefusal('unauthorised', 'Not known.');
    if (!HEARD.has(path)) assertLiving(till, incarnationOf(request));
    const file = await serveFeed(this.#centre, till, path);
    if (file !== null) return file;
    const raw = rawBodyOf(request);
    const signed = Buffer.concat([Buffer.from(signedLine({ method: 'POST', path })), raw]);
    if (this.#isSigned && !nodeSigning.isSigned(till.signKey, signed, headers[SIGNATURE_HEADER] ?? ''))
      throw new CentreRefusal('bad_signature', 'Not the signature of this till.');
    const route = ROUTES[path];
    if (route === undefined) throw new CentreRefusal('bad_request', 'No such address.');
    const body: unknown = JSON.parse(new TextDecoder().decode(raw));
    assertProtocol(body);
    return { value: await route(this.#centre, till, body) };
  }
}
