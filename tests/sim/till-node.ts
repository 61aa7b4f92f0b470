import { DbError } from '../../db/errors.ts';
import type { TillDb } from '../../db/till/types.ts';
import type { CloseView } from '../../electron/contract/closes.ts';
import { AppError } from '../../electron/contract/errors.ts';
import { backOffMs } from '../../electron/core/back-off.ts';
import { CentreFault, type Send } from '../../electron/core/centre-client.ts';
import type { Core, Ctx } from '../../electron/core/ctx.ts';
import { act } from '../../electron/core/act.ts';
import { handlers } from '../../electron/core/handlers.ts';
import { momentOf } from '../../electron/core/moment.ts';
import type { OwnSpill } from '../../electron/core/spill.ts';
import { createTillSettings, type Enrolment } from '../../electron/core/till-settings.ts';
import type { OpId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { CHAIN_START, OP_VERSION, saltFor, sealOp, type Op, type OpBody } from '../../sync/model/op.ts';
import { NoPower } from '../parts/memory-folder.ts';
import type { Fate, History, Intent } from './history.ts';
import { toResponse, type Answer, type Line } from './network.ts';
import type { Random } from './random.ts';
import type { Worker } from './shop.ts';
import type { Program } from './programs.ts';
import { PowerCut, SimDisk } from './sim-disk.ts';
import { TillFiles } from './till-files.ts';
import { wireCore, type TillImage } from './till-wiring.ts';
import { Violation, type World } from './world.ts';

const SOON_MS = 20;

/** What runs between two starts of a till. */
interface Life {
  core: Core;
  spill: OwnSpill;
  failures: number;
  /** Of several planned syncs only the last one comes. */
  plan: number;
  isSyncing: boolean;
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
  isLost = false;
  /** Its own file forgot the end of what it knew, and the centre was not asked since. */
  isTailLost = false;
  /** So it was once. */
  hasLostTail = false;
  /** Own ops of this incarnation up to here went out on the line. */
  leftTseq = 0;
  /** What the machine's clock is off by. */
  clockOffsetMs = 0;
  /** Called after everything that may have changed what the till shows. */
  onStep: (node: TillNode) => void = () => undefined;
  /** Called with the own ops that a disk which lied has forgotten. */
  onTailLost: (opIds: readonly OpId[]) => void = () => undefined;
  #program: Program = 'now';
  /** Actions that a start took out of the spill file. */
  rescued = 0;
  readonly #world: World;
  readonly #history: History;
  readonly #random: Random;
  readonly #own: TillFiles;
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
    this.#idleMs = this.#random.pick([8_000, 25_000, 60_000]);
    this.name = name;
    this.line = line;
    this.disk = new SimDisk(world.random.fork(), () => world.after(0, () => this.disk.isDead && this.#end()));
    this.#own = new TillFiles(`/sim/${name}`, this.disk);
  }

  get files(): TillImage {
    return this.#own.image;
  }

  /** A whole copy that comes out of a snapshot, beside the one in use. */
  get fill(): TillFiles['fill'] {
    return this.#own.fill;
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
    this.files.till.transaction(() => {
      createTillSettings(this.files.till.settings).setEnrolment(enrolment);
      act(this.files.till);
    });
  }

  boot(): void {
    if (this.#life !== null || this.isLost) return;
    this.disk.restart();
    if (!this.#mendFiles()) return;
    this.#life = { ...this.#wire(), failures: 0, plan: 0, isSyncing: false };
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
    this.#own.replace(image);
    this.#world.tell(`${this.name} has another disk`);
  }

  image(): TillImage {
    return this.#own.copy();
  }

  /** Another version of the program is put on; the till starts again with it. */
  install(program: Program): void {
    if (this.#program === program) return;
    this.#program = program;
    this.#world.tell(`${this.name} runs the program: ${program}`);
    this.crash();
  }

  /** The machine is gone, with all that is on it, until somebody finds it. */
  lose(): void {
    this.crash();
    this.isLost = true;
    this.#world.tell(`${this.name} is lost`);
  }

  findAgain(): void {
    this.isLost = false;
    this.#world.tell(`${this.name} is found again`);
    this.boot();
  }

  /** One press of a button. */
  act(intent: Intent): void {
    const life = this.#life;
    if (life === null) return;
    const { opId, method, worker } = intent;
    const settle = (told: Fate): void => {
      // Under an earlier incarnation it may have been saved: its spill file is the centre's to book.
      const fate = told === 'refused' && this.ownFiles.length > 1 ? 'unknown' : told;
      this.#history.note(this.name, intent, fate);
      this.#world.tell(`${this.name} ${worker.role} ${method} ${opId.slice(-6)} ${fate}`);
      if (fate === 'shown' && !this.ownFiles.some(({ ops }) => ops.find(opId) !== undefined))
        throw new Violation(`set: op ${opId} (${method}) was shown on ${this.name} and is in no file`);
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

  /** Somebody closes the day that runs. */
  closeDay(worker: Worker): void {
    const life = this.#life;
    if (life === null) return;
    let told: string;
    try {
      const view = handlers['day.close'](this.#ctxOf(life, worker), { businessDay: null }) as CloseView;
      this.#history.noteClose({ till: this.name, day: view.businessDay, signature: view.signature });
      told = `closed ${view.businessDay}, ${view.opCount} ops`;
    } catch (cause) {
      told = `day.close ${this.#fateOf('day.close', cause)}`;
    }
    this.#world.tell(`${this.name} ${worker.role} ${told}`);
    if (this.disk.isDead) this.#end();
  }

  /**
   * An op that no command of this till would make, appended with a right chain: by a tampered program, or by
   * one that is ahead of this one's screens.
   */
  forge(intent: Intent, body: OpBody): void {
    const life = this.#life;
    if (life === null) return;
    const { till } = this.files;
    if (till.ops.find(intent.opId) !== undefined) return;
    const enrolment = must(life.core.settings.enrolment(), 'a till that runs is enrolled');
    const last = till.ops.last();
    const moment = momentOf({ ...life.core, till });
    const op: Op = {
      ...{ version: OP_VERSION, opId: intent.opId, kind: body.kind, body },
      ...{ tillId: enrolment.tillId, incarnation: enrolment.incarnation, storeId: enrolment.storeId },
      ...{ tseq: (last?.tseq ?? 0) + 1, prev: last?.hash ?? CHAIN_START },
      ...{ hlc: moment.hlc, wallMs: moment.wallMs, businessDay: moment.businessDay },
      actorId: intent.worker.staffId,
      salt: saltFor(body.kind, life.core.crypto),
    };
    let fate: Fate = 'shown';
    try {
      till.transaction(() => {
        const sealed = sealOp(op, life.core.crypto);
        if (moment.isTurn) till.ops.allowTurn(op.tseq);
        till.ops.append(sealed, []);
        life.spill.append(sealed);
      });
    } catch (cause) {
      if (!isOfDisk(cause)) throw cause;
      fate = 'unknown';
    }
    this.#history.note(this.name, intent, fate);
    this.#world.tell(`${this.name} forges ${body.kind} ${intent.opId.slice(-6)} ${fate}`);
    if (this.disk.isDead) this.#end();
    else this.#planSync(SOON_MS);
  }

  /** True while only a manager can help. */
  get isStopped(): boolean {
    return createTillSettings(this.files.till.settings).stoppedBy() !== null;
  }

  /** Every file with own ops. */
  get ownFiles(): TillDb[] {
    return this.#own.own;
  }

  /** False: the power failed meanwhile, and the start comes again. */
  #mendFiles(): boolean {
    const { till } = this.files;
    try {
      const { putBack, waiting } = this.#own.mend();
      if (this.files.till !== till) this.#world.tell(`${this.name} goes on under a new incarnation`);
      if (putBack + waiting > 0) this.#world.tell(`${this.name} puts back ${putBack}, ${waiting} wait`);
      this.rescued += putBack;
      return true;
    } catch (cause) {
      if (!isOfDisk(cause)) throw cause;
      this.#world.after(this.#random.between(1_000, 60_000), () => this.boot());
      return false;
    }
  }

  #press(life: Life, { opId, method, input, worker }: Intent): Fate | Promise<Fate> {
    const ctx = this.#ctxOf(life, worker);
    const toFate = (cause: unknown): Fate => this.#fateOf(method, cause);
    try {
      const answer = act(method as keyof typeof handlers, ctx, { ...input, opId });
      return answer instanceof Promise ? answer.then((): Fate => 'shown', toFate) : 'shown';
    } catch (cause) {
      return toFate(cause);
    }
  }

  #ctxOf({ core }: Life, worker: Worker): Ctx {
    const person = { ...worker, login: worker.staffId, name: worker.staffId };
    return { ...core, session: { person, startedAtMs: 0 } };
  }

  #fateOf(method: string, cause: unknown): Fate {
    if (isOfDisk(cause)) return 'unknown';
    if (!(cause instanceof AppError)) throw new Violation(`${this.name}: ${method} met a bug`, { cause });
    this.#world.tell(`${this.name}   ${cause.code}`);
    if (cause.code === 'op_id_reused') return 'unknown';
    return cause.code === 'saved_not_shown' ? 'shown' : 'refused';
  }

  #nowMs(): number {
    return this.#world.nowMs() + this.clockOffsetMs;
  }

  #end(): void {
    if (this.#life === null) return;
    this.#life = null;
    const forgotten = this.#own.losePower(this.#random);
    if (forgotten !== null) {
      [this.isTailLost, this.hasLostTail] = [true, true];
      this.onTailLost(forgotten);
    }
    this.#world.tell(`${this.name} dies`);
    this.#world.after(this.#random.between(1_000, 60_000), () => this.boot());
  }

  #wire(): Pick<Life, 'core' | 'spill'> {
    return wireCore({
      files: this.files,
      dataDir: this.#own.dataDir,
      crypto: this.#world.cryptoFrom(this.#random),
      isSigned: this.#isSigned,
      program: this.#program,
      nowMs: () => this.#nowMs(),
      monotonicMs: () => this.#world.elapsedMs(),
      newId: () => this.newId(),
      sleep: (ms) => new Promise((resolve) => this.#world.after(ms, resolve)),
      fill: this.#own.fill,
      send: (url, request) => this.#send()(url, request),
      openAside: (file) => this.#own.openAside(file),
      onChanged: () => this.onStep(this),
      onSaved: () => this.#planSync(SOON_MS),
    });
  }

  #send(): Send {
    const life = this.#life;
    return async (url, { headers, body, timeoutMs }) => {
      // Without power nothing leaves, whatever the program went on to do in the same instant.
      if (this.disk.isDead) return new Promise(() => undefined);
      const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
      if (url.pathname === '/v1/exchange') this.leftTseq = this.files.till.ops.last()?.tseq ?? 0;
      const sent = this.line.send({ path: url.pathname + url.search, headers, body: bytes }, timeoutMs);
      const answer = await sent.catch((cause: unknown) => cause);
      // The process that asked is gone: it never hears the answer.
      if (life === null || this.#life !== life || this.disk.isDead) return new Promise(() => undefined);
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
    if (cause === null) this.isTailLost = false;
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

/** The power failed, or there is no room. */
export const isOfDisk = (cause: unknown): boolean =>
  cause instanceof PowerCut ||
  cause instanceof NoPower ||
  (cause instanceof DbError && cause.code === 'full');
