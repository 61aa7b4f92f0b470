import {
  isSameSample,
  LINES,
  readReport,
  readStream,
  toSetting,
  type Sample,
  type Setting,
} from './learn.ts';
import type { LineOptions, Session, Transport } from './types.ts';

/** Nothing for so long ends one scan; the slowest line takes 12 ms for a byte. */
const SCAN_SILENCE_MS = 120;
/** What comes so soon behind a change of the line is the rest of the scan before it. */
const LINE_CHANGE_MS = 400;
const SCAN_BYTES_MAX = 512;
const SAMPLES = 3;

export interface LearnProgress {
  readonly state: 'listening' | 'heard' | 'wrong' | 'done' | 'failed';
  readonly goodCount: number;
  /** Serial only. */
  readonly line: LineOptions | null;
  readonly found: Setting | null;
}

export interface LearnOptions {
  readonly transport: Transport;
  readonly path: string;
  readonly kind: 'serial' | 'hid-pos';
  /** The line to begin with. */
  readonly line: LineOptions;
  /** What the code says that is scanned. */
  readonly text: string;
  readonly onProgress: (progress: LearnProgress) => void;
}

const isSameLine = (left: LineOptions, right: LineOptions): boolean =>
  left.baudRate === right.baudRate && left.dataBits === right.dataBits && left.parity === right.parity;

/**
 * Reads a device raw until three scans in a row said `text` with the same around it. A scan that said anything else is
 * forgotten at once; on a serial port it brings the next speed. Nothing of what was read leaves but prefix and suffix.
 */
export class Learner {
  readonly #options: LearnOptions;
  readonly #lines: readonly LineOptions[];
  #lineAt = 0;
  #session: Session | null = null;
  #pending: Uint8Array[] = [];
  #silence: NodeJS.Timeout | undefined;
  #deafUntilMs = 0;
  #samples: Sample[] = [];
  #isOver = false;
  /** Steps never overlap. */
  #work: Promise<void> = Promise.resolve();

  constructor(options: LearnOptions) {
    this.#options = options;
    this.#lines =
      options.kind === 'serial'
        ? [options.line, ...LINES.filter((line) => !isSameLine(line, options.line))]
        : [options.line];
  }

  /** Rejects with a `DeviceError` when the device does not open. */
  async start(): Promise<void> {
    const opening = this.#open();
    // Whoever stops meanwhile waits for it, or the device stayed with nobody.
    this.#work = opening.catch(() => undefined);
    await opening;
    if (!this.#isOver) this.#tell('listening');
  }

  /** No progress from here on; resolves when the device is let go. */
  async stop(): Promise<void> {
    this.#isOver = true;
    this.#forget();
    await this.#work;
    await this.#session?.close();
    this.#session = null;
  }

  get #line(): LineOptions {
    return this.#lines[this.#lineAt] ?? this.#options.line;
  }

  async #open(): Promise<void> {
    const { transport, path } = this.#options;
    this.#session = await transport.open(
      { path, line: this.#line },
      { onChunk: (bytes) => this.#take(bytes), onGone: () => this.#fail() },
    );
  }

  #take(bytes: Uint8Array): void {
    if (this.#isOver || performance.now() < this.#deafUntilMs) return void bytes.fill(0);
    if (this.#options.kind === 'hid-pos') {
      const sample = readReport(bytes, this.#options.text);
      bytes.fill(0);
      return this.#judge(sample);
    }
    this.#pending.push(bytes);
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#endScan(), SCAN_SILENCE_MS);
    if (this.#pending.reduce((sum, each) => sum + each.length, 0) > SCAN_BYTES_MAX) this.#endScan();
  }

  #endScan(): void {
    const whole = Uint8Array.from(this.#pending.flatMap((bytes) => [...bytes]));
    this.#forget();
    const sample = readStream(whole, this.#options.text);
    whole.fill(0);
    this.#judge(sample);
  }

  #forget(): void {
    clearTimeout(this.#silence);
    for (const bytes of this.#pending) bytes.fill(0);
    this.#pending = [];
  }

  #judge(sample: Sample | null): void {
    const [first] = this.#samples;
    if (sample === null || (first !== undefined && !isSameSample(first, sample))) {
      this.#samples = sample === null ? [] : [sample];
      this.#tell('wrong');
      if (sample === null && this.#lines.length > 1) this.#changeLine();
      return;
    }
    this.#samples.push(sample);
    if (this.#samples.length < SAMPLES) return this.#tell('heard');
    this.#isOver = true;
    this.#tell('done', toSetting(sample));
  }

  #changeLine(): void {
    this.#lineAt = (this.#lineAt + 1) % this.#lines.length;
    this.#deafUntilMs = performance.now() + LINE_CHANGE_MS;
    this.#work = this.#work.then(async () => {
      await this.#session?.close();
      this.#session = null;
      if (this.#isOver) return;
      await this.#open().then(
        () => this.#tell('listening'),
        () => this.#fail(),
      );
    });
  }

  #fail(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#tell('failed');
  }

  #tell(state: LearnProgress['state'], found: Setting | null = null): void {
    const line = this.#options.kind === 'serial' ? this.#line : null;
    this.#options.onProgress({ state, goodCount: this.#samples.length, line, found });
  }
}
