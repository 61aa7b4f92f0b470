import { createListeners } from './listeners.ts';
import { DeviceError } from './types.ts';
import type { Place, PortAddress, Session, SlotState, SlotStatus, Transport, Unsubscribe } from './types.ts';

/** Pauses before the first attempts to open again. */
const REOPEN_DELAYS_MS: readonly number[] = [250, 500, 1000, 2000];
/** All later pauses. */
const REOPEN_DELAY_MS_MAX = 5000;
/** A driver that never says that it has closed must not keep a device that is plugged in again waiting. */
const CLOSE_MS_MAX = 2000;
/** A node appears some moments before it may be opened: so long after a hint. */
const HINT_DELAY_MS = 50;

interface SlotOptions {
  readonly transport: Transport;
  readonly address: PortAddress;
  /** Where the device is found by what it is; without it, it is at the path of `address`. */
  readonly place?: Place | undefined;
  readonly onChunk: (bytes: Uint8Array) => void;
  /** A session has ended; what was begun will not be finished. */
  readonly onGone: () => void;
}

const stateOf = (error: DeviceError, hasBeenReady: boolean): SlotState => {
  if (error.code === 'busy' || error.code === 'denied') return error.code;
  return hasBeenReady ? 'gone' : 'absent';
};

const placeAt = (transport: Transport, path: string): Place => ({
  find: async () => ((await transport.isPresent(path)) ? path : null),
  watch: (hint) => transport.watch(path, hint),
});

const toDeviceError = (cause: unknown): DeviceError =>
  cause instanceof DeviceError ? cause : new DeviceError('failed', 'The port did not open', { cause });

/** A port that stays busy or refused is tried again quietly, or its state would flicker at each attempt. */
const isWorthTelling = (lastError: DeviceError | null): boolean =>
  lastError === null || lastError.code === 'absent' || lastError.code === 'gone';

/** Resolves when it is closed, or after `CLOSE_MS_MAX`; a close that fails is over too. */
async function closeSoon(session: Session): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_MS_MAX);
  });
  await Promise.race([session.close().catch(() => undefined), patience]);
  clearTimeout(timer);
}

/**
 * Holds one port open through unplugs: one session at a time, each lost one closed before the next is opened.
 */
export class Slot {
  readonly #options: SlotOptions;
  readonly #place: Place;
  readonly #states = createListeners<SlotStatus>();
  #status: SlotStatus = { state: 'absent', error: null };
  #phase: 'new' | 'open' | 'closed' = 'new';
  #session: Session | null = null;
  /** The step under way; steps never overlap. */
  #work: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #stopWatching: Unsubscribe | null = null;
  #isHinted = false;
  #failureCount = 0;
  #hasBeenReady = false;

  constructor(options: SlotOptions) {
    this.#options = options;
    this.#place = options.place ?? placeAt(options.transport, options.address.path);
  }

  /** Resolves after the first attempt, whatever came of it. */
  async open(): Promise<void> {
    if (this.#phase !== 'new') throw new Error('slot: open is called once');
    this.#phase = 'open';
    this.#work = this.#attempt();
    await this.#work;
  }

  async close(): Promise<void> {
    this.#phase = 'closed';
    this.#states.clear();
    this.#stopWaiting();
    await this.#work;
    const last = this.#session;
    this.#session = null;
    if (last !== null) await closeSoon(last);
    this.#status = { state: 'absent', error: null };
  }

  status(): SlotStatus {
    return this.#status;
  }

  onState(listener: (status: SlotStatus) => void): Unsubscribe {
    return this.#states.add(listener);
  }

  async #attempt(): Promise<void> {
    this.#isHinted = false;
    try {
      const path = await this.#place.find();
      if (path === null) {
        this.#waitForPort(new DeviceError('absent', 'Nothing is connected at this port'));
        return;
      }
      if (this.#isClosed()) return;
      if (isWorthTelling(this.#status.error)) this.#show('opening', null);
      this.#session = await this.#openSession(path);
    } catch (cause) {
      this.#waitForPort(toDeviceError(cause));
      return;
    }
    if (this.#isClosed()) return;
    this.#stopWaiting();
    this.#failureCount = 0;
    this.#hasBeenReady = true;
    this.#show('ready', null);
  }

  /** False when there is no session, or the device did not take the bytes. */
  async write(bytes: Uint8Array): Promise<boolean> {
    const session = this.#session;
    if (session === null) return false;
    return session.write(bytes).then(
      () => true,
      () => false,
    );
  }

  async #openSession(path: string): Promise<Session> {
    const { transport, address, onChunk } = this.#options;
    const opened: Session = await transport.open(
      { ...address, path },
      {
        onChunk,
        onGone: (error) => {
          this.#work = this.#work.then(() => this.#lose(opened, error));
        },
      },
    );
    return opened;
  }

  async #lose(lost: Session, error: DeviceError): Promise<void> {
    this.#session = null;
    this.#options.onGone();
    this.#show('gone', error);
    await closeSoon(lost);
    this.#waitForPort(error);
  }

  #waitForPort(error: DeviceError): void {
    this.#show(stateOf(error, this.#hasBeenReady), error);
    if (this.#isClosed()) return;
    this.#stopWatching ??= this.#place.watch(() => this.#onHint());
    const pauseMs = REOPEN_DELAYS_MS[this.#failureCount] ?? REOPEN_DELAY_MS_MAX;
    this.#failureCount += 1;
    this.#retryIn(this.#isHinted ? HINT_DELAY_MS : pauseMs);
  }

  /** At most one hint per attempt: many in a row must not push the attempt ahead of them for ever. */
  #onHint(): void {
    if (this.#isHinted) return;
    this.#isHinted = true;
    // What has just come may not let us in yet: short pauses again.
    this.#failureCount = 0;
    if (this.#timer !== undefined) this.#retryIn(HINT_DELAY_MS);
  }

  #retryIn(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#work = this.#attempt();
    }, delayMs);
  }

  #stopWaiting(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#stopWatching?.();
    this.#stopWatching = null;
  }

  #show(state: SlotState, error: DeviceError | null): void {
    const isSame = this.#status.state === state && this.#status.error?.code === error?.code;
    this.#status = { state, error };
    if (!isSame && !this.#isClosed()) this.#states.emit(this.#status);
  }

  /** Asked through a method, since it changes across an await. */
  #isClosed(): boolean {
    return this.#phase === 'closed';
  }
}
