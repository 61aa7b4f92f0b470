import { pino } from 'pino';
import { DbError } from '../../db/errors.ts';
import type { TillDb } from '../../db/till/types.ts';
import { AppError } from '../../electron/contract/errors.ts';
import {
  CENTRE_TIMEOUT_MS,
  CentreFault,
  createCentreClient,
  type Send,
} from '../../electron/core/centre-client.ts';
import { createClockGuard } from '../../electron/core/clock-guard.ts';
import type { Core, Ctx } from '../../electron/core/ctx.ts';
import { createDirectory } from '../../electron/core/directory.ts';
import { handlers } from '../../electron/core/handlers.ts';
import { createOpWriter } from '../../electron/core/op-writer.ts';
import { createOverlay } from '../../electron/core/overlay.ts';
import { fillFresh } from '../../electron/core/renewal.ts';
import { backOffMs } from '../../electron/core/back-off.ts';
import { SyncLoop } from '../../electron/core/sync-loop.ts';
import { createTillSettings, type Enrolment } from '../../electron/core/till-settings.ts';
import { nextHlc } from '../../sync/base/clock.ts';
import { must } from '../../sync/base/must.ts';
import { CHAIN_START, OP_VERSION, saltFor, sealOp, type Op, type OpBody } from '../../sync/model/op.ts';
import { createMemoryReplica, type MemoryReplica } from '../parts/memory-replica.ts';
import { createMemoryTill, type MemoryTill } from '../parts/memory-till.ts';
import type { Fate, History, Intent } from './history.ts';
import type { Answer, Line } from './network.ts';
import type { Random } from './random.ts';
import { PowerCut, SimDisk } from './sim-disk.ts';
import { Violation, type World } from './world.ts';

const SOON_MS = 20;
const log = pino({ level: 'silent' });

/** What runs between two starts of a till. */
interface Life {
  core: Core;
  failures: number;
  /** Of several planned syncs only the last one comes. */
  plan: number;
  isSyncing: boolean;
}

export interface TillImage {
  till: MemoryTill;
  replica: MemoryReplica;
}

function uuid7(nowMs: number, random: Random): string {
  const ms = Math.max(0, nowMs).toString(16).padStart(12, '0').slice(-12);
  const rest = random.hex(10);
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6, 18)}`;
}

/**
 * One till: the product's commands, overlay, writer and sync over files in memory, on a machine that can lose its
 * power at any sync and between any two events.
 */
export class TillNode {
  readonly name: string;
  readonly line: Line;
  readonly disk: SimDisk;
  /** What the machine's clock is off by. */
  clockOffsetMs = 0;
  /** Called after everything that may have changed what the till shows. */
  onStep: (node: TillNode) => void = () => undefined;
  readonly #world: World;
  readonly #history: History;
  readonly #random: Random;
  /** Own files of earlier incarnations, by name. */
  readonly #asides = new Map<string, MemoryTill>();
  #files: TillImage;
  #life: Life | null = null;
  /** Longer than the product's for most runs: what happens between two exchanges is the interesting part. */
  readonly #idleMs: number;

  readonly #isSigned: boolean;

  constructor(
    world: World,
    history: History,
    { name, line, isSigned }: { name: string; line: Line; isSigned: boolean },
  ) {
    this.#isSigned = isSigned;
    this.#world = world;
    this.#history = history;
    this.#random = world.random.fork();
    this.#idleMs = this.#random.pick([5_000, 20_000, 60_000]);
    this.name = name;
    this.line = line;
    this.disk = new SimDisk(world.random.fork());
    this.#files = { till: createMemoryTill(this.disk), replica: createMemoryReplica(this.disk) };
  }

  get files(): TillImage {
    return this.#files;
  }

  /** Null while the till is off. */
  get core(): Core | null {
    return this.#life?.core ?? null;
  }

  get isSyncing(): boolean {
    return this.#life?.isSyncing ?? false;
  }

  newId(): string {
    return uuid7(this.#nowMs(), this.#random);
  }

  /** Makes this an enrolled till, as the command does after the centre's answer. */
  enrol(enrolment: Enrolment, act: (till: TillDb) => void): void {
    this.#files.till.transaction(() => {
      createTillSettings(this.#files.till.settings).setEnrolment(enrolment);
      act(this.#files.till);
    });
  }

  boot(): void {
    if (this.#life !== null) return;
    this.disk.restart();
    if (!this.#renew()) return;
    const core = this.#wire();
    this.#life = { core, failures: 0, plan: 0, isSyncing: false };
    this.#world.tell(`${this.name} starts`);
    this.#planSync(1_000);
  }

  /** The power fails, or the process is killed; it starts again after a while. */
  crash(): void {
    this.disk.cutNow();
    this.#end();
  }

  /** Another disk is put in: a backup, or somebody else's. */
  replaceFiles(image: TillImage): void {
    this.crash();
    this.#files = { till: image.till.copy(this.disk), replica: image.replica.copy(this.disk) };
    this.#world.tell(`${this.name} has another disk`);
  }

  image(): TillImage {
    return { till: this.#files.till.copy(), replica: this.#files.replica.copy() };
  }

  /** One press of a button. */
  act(intent: Intent): void {
    const life = this.#life;
    if (life === null) return;
    const { opId, method, worker } = intent;
    const settle = (fate: Fate): void => {
      this.#history.note(this.name, intent, fate);
      this.#world.tell(`${this.name} ${worker.role} ${method} ${opId.slice(-6)} ${fate}`);
      if (this.disk.isDead) this.#end();
      else this.onStep(this);
    };
    const fate = this.#press(life, intent);
    if (!(fate instanceof Promise)) return settle(fate);
    // Asks the centre first: until then nobody has seen a tick, and the machine may die meanwhile.
    this.#history.note(this.name, intent, 'unknown');
    fate
      .then((known) => (this.#life === life ? settle(known) : undefined))
      .catch((thrown: unknown) => this.#world.fail(thrown));
  }

  /**
   * An op that no command of this till would make, appended with a right chain: by a tampered program, or by
   * one that is ahead of this one's screens.
   */
  forge(intent: Intent, body: OpBody): void {
    const life = this.#life;
    if (life === null) return;
    const { till } = this.#files;
    if (till.ops.find(intent.opId) !== undefined) return;
    const enrolment = must(life.core.settings.enrolment(), 'a till that runs is enrolled');
    const last = till.ops.last();
    const wallMs = this.#nowMs();
    const op: Op = {
      ...{ version: OP_VERSION, opId: intent.opId, kind: body.kind, body },
      ...{ tillId: enrolment.tillId, incarnation: enrolment.incarnation, storeId: enrolment.storeId },
      ...{ tseq: (last?.tseq ?? 0) + 1, prev: last?.hash ?? CHAIN_START },
      ...{ hlc: nextHlc(last?.hlc ?? null, wallMs), wallMs, actorId: intent.worker.staffId },
      businessDay: life.core.directory.businessDay(wallMs, last?.businessDay ?? null),
      salt: saltFor(body.kind, life.core.crypto),
    };
    let fate: Fate = 'shown';
    try {
      till.transaction(() => till.ops.append(sealOp(op, life.core.crypto), []));
    } catch (cause) {
      if (!(cause instanceof PowerCut || cause instanceof DbError)) throw cause;
      fate = 'unknown';
    }
    this.#history.note(this.name, intent, fate);
    this.#world.tell(`${this.name} forges ${body.kind} ${intent.opId.slice(-6)} ${fate}`);
    if (this.disk.isDead) this.#end();
    else this.#planSync(SOON_MS);
  }

  /** True while only a manager can help. */
  get isStopped(): boolean {
    return createTillSettings(this.#files.till.settings).stoppedBy() !== null;
  }

  /** Every file with own ops. */
  get ownFiles(): TillDb[] {
    return [this.#files.till, ...this.#asides.values()];
  }

  /** As the start does it where the centre gave the till a new incarnation. False: the power failed meanwhile. */
  #renew(): boolean {
    const { till, replica } = this.#files;
    const settings = createTillSettings(till.settings);
    if (settings.renewal() === null) return true;
    const fresh = createMemoryTill(this.disk);
    const file = `till.db.incarnation-${this.#asides.size + 1}`;
    try {
      fillFresh(fresh, till, file);
    } catch (cause) {
      if (!(cause instanceof PowerCut || cause instanceof DbError)) throw cause;
      this.#world.after(this.#random.between(1_000, 60_000), () => this.boot());
      return false;
    }
    this.#asides.set(file, till);
    this.#files = { till: fresh, replica };
    this.#world.tell(`${this.name} goes on under a new incarnation`);
    return true;
  }

  #press({ core }: Life, { opId, method, input, worker }: Intent): Fate | Promise<Fate> {
    const person = { ...worker, login: worker.staffId, name: worker.staffId };
    const ctx: Ctx = { ...core, session: { person, startedAtMs: 0 } };
    const handler = handlers[method as keyof typeof handlers] as (ctx: Ctx, input: unknown) => unknown;
    const toFate = (cause: unknown): Fate => this.#fateOf(method, cause);
    try {
      const answer = handler(ctx, { ...input, opId });
      return answer instanceof Promise ? answer.then((): Fate => 'shown', toFate) : 'shown';
    } catch (cause) {
      return toFate(cause);
    }
  }

  #fateOf(method: string, cause: unknown): Fate {
    if (cause instanceof PowerCut || (cause instanceof DbError && cause.code === 'full')) return 'unknown';
    if (!(cause instanceof AppError)) throw new Violation(`${this.name}: ${method} met a bug`, { cause });
    this.#world.tell(`${this.name}   ${cause.code}`);
    return 'refused';
  }

  #nowMs(): number {
    return this.#world.nowMs() + this.clockOffsetMs;
  }

  #end(): void {
    if (this.#life === null) return;
    this.#life = null;
    for (const { file } of [this.#files.till, this.#files.replica])
      file.losePower(this.#random.int(file.unsyncedCount() + 1));
    this.#world.tell(`${this.name} dies`);
    this.#world.after(this.#random.between(1_000, 60_000), () => this.boot());
  }

  /** As `openCore` wires it, without devices and ports. */
  #wire(): Core {
    const { till, replica: copy } = this.#files;
    const replica = (): MemoryReplica => copy;
    const crypto = this.#world.cryptoFrom(this.#random);
    const pc = { nowMs: () => this.#nowMs(), monotonicMs: () => this.#world.elapsedMs() };
    const settings = createTillSettings(till.settings);
    const clock = createClockGuard({ clock: pc, settings, log });
    const directory = createDirectory(replica, settings);
    const isUpdateNeeded = (): boolean => false;
    const onDocuments = (): void => {
      directory.reload();
      directory.keep();
    };
    const connect: typeof createCentreClient = (centre) =>
      createCentreClient({ ...centre, ...(this.#isSigned ? {} : { secretKey: null }), send: this.#send() });
    const sync = new SyncLoop({
      ...{ till, replica, settings, clock, log, onDocuments, timeoutMs: CENTRE_TIMEOUT_MS },
      onDbError: () => undefined,
      onStatus: () => undefined,
      onChanged: () => this.onStep(this),
      onRenewed: () => undefined,
      openAside: (file) => must(this.#asides.get(file), 'a file that was set aside is kept'),
      crypto,
      connect,
    });
    const onSaved = (): void => this.#planSync(SOON_MS);
    const writer = createOpWriter({ till, directory, settings, crypto, clock, isUpdateNeeded, onSaved });
    const parts = {
      ...{ version: '0', dataDir: '', isDemo: false, log, clock, crypto, till, replica, isUpdateNeeded },
      ...{ settings, directory, overlay: createOverlay(till, replica), writer, sync },
      ...{ connect, newId: () => this.newId() },
      onDbError: () => undefined,
      onRenewed: () => undefined,
      publish: () => undefined,
    };
    // Cast: no command that is simulated uses the scanner or signs anybody in.
    return parts as unknown as Core;
  }

  #send(): Send {
    const life = this.#life;
    return async (url, { headers, body, timeoutMs }) => {
      const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
      const sent = this.line.send({ path: url.pathname, headers, body: bytes }, timeoutMs);
      const answer = await sent.catch((cause: unknown) => cause);
      // The process that asked is gone: it never hears the answer.
      if (life === null || this.#life !== life) return new Promise(() => undefined);
      if (answer instanceof Error) throw answer;
      return toResponse(answer as Answer);
    };
  }

  #planSync(delayMs: number): void {
    const life = this.#life;
    if (life === null || (life.failures > 0 && delayMs === SOON_MS)) return;
    life.plan += 1;
    const plan = life.plan;
    this.#world.after(delayMs, () => {
      if (this.#life !== life || life.plan !== plan || life.isSyncing) return;
      this.#sync(life).catch((thrown: unknown) => this.#world.fail(thrown));
    });
  }

  async #sync(life: Life): Promise<void> {
    life.isSyncing = true;
    let cause: unknown = null;
    try {
      const result = await life.core.sync.run();
      this.#world.tell(`${this.name} synced to ${result.cursor}, ${result.outstanding} outstanding`);
    } catch (thrown) {
      cause = thrown;
    }
    life.isSyncing = false;
    if (this.disk.isDead) return this.#end();
    if (this.#life !== life) return;
    this.#afterSync(life, cause);
    this.onStep(this);
  }

  #afterSync(life: Life, cause: unknown): void {
    if (cause instanceof AppError && cause.code === 'core_restarted') return this.crash();
    const isExpected = cause === null || cause instanceof CentreFault || cause instanceof DbError;
    if (!isExpected) return this.#world.fail(new Violation(`${this.name}: sync met a bug`, { cause }));
    if (cause instanceof CentreFault) this.#world.tell(`${this.name} sync: ${cause.code}`);
    life.failures = cause === null ? 0 : life.failures + 1;
    this.#planSync(life.failures === 0 ? this.#idleMs : backOffMs(life.failures, this.#random.next()));
  }
}

function toResponse({ status, body }: Answer): Awaited<ReturnType<Send>> {
  const read = (): unknown => JSON.parse(new TextDecoder().decode(body));
  return {
    ok: status === 200,
    status,
    headers: new Headers(),
    json: () => new Promise((resolve) => resolve(read())),
  };
}
