import { pino } from 'pino';
import { createScanDecoder } from '../../drivers/decode/scan-decoder.ts';
import { decodeProfiles } from '../../drivers/profiles/decode.ts';
import { createSerialTransport } from '../../drivers/transports/serial.ts';
import type { FromCore, Port } from '../../electron/contract/port.ts';
import { openCore } from '../../electron/core/index.ts';
import { must } from '../../sync/base/must.ts';
import { createPtyCable, type PtyCable } from '../parts/pty.ts';
import { PINS } from '../parts/shop.ts';
import { KEY_HEX } from '../parts/till.ts';
import { VECTOR_RULES } from '../vectors/vector.ts';
import { type Figure, median, type Round, timeFigure } from './figure.ts';
import { cardNumberOf } from './members.ts';
import { shuffled } from './random.ts';

const SCANS_PER_SECOND_MIN = 200_000;
const EVENT_MS_MAX = 2;
const ROUNDS = 5;
const SCANS_PER_ROUND = 100_000;
const EVENTS_PER_ROUND = 400;
const WARM_UP = 100;
/** No two of the same code within the window of a double read. */
const SCAN_GAP_MS = 2_000;
const ANSWER_MS_MAX = 5_000;

/** A counter's day: mostly products and cards, some wallets, seldom a long code or a card that is refused. */
const CODES: readonly (readonly [number, string])[] = [
  [50, ']E04006381333931'],
  [25, ']C06035550000001230'],
  [10, ']Q1TW1.eyJtIjoiMTIzNCJ9.314159.c2ln'],
  [8, ']C1010950600013435217261231' + '10ABC123\x1d2112345'],
  [3, ']Q1https://id.gs1.org/01/09506000134352/10/ABC?17=261231'],
  [2, ']C04111111111111111'],
  [2, ']C0K1234'],
];

const day = (): Uint8Array[] => {
  const codes = CODES.flatMap(([share, code]) => Array.from({ length: share }, () => code));
  return codes.map((_, at) => {
    const code = must(codes[(at * 37) % codes.length], 'a hundred codes');
    return Uint8Array.from(`${code}\r`, (sign) => sign.charCodeAt(0));
  });
};

/** The limit: the same bytes cut at CR and made text of. */
function cutOnly(bytes: Uint8Array): number {
  let text = '';
  for (const byte of bytes) if (byte !== 13) text += String.fromCharCode(byte);
  return text.length;
}

/** In milliseconds of this process's own processor time: others on the machine do not count. */
function cpuMsOf(act: () => void): number {
  const start = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function benchDecoder(): Figure {
  const scans = day();
  const decoder = createScanDecoder({ ...VECTOR_RULES, ...decodeProfiles['aim cr'] });
  let atMs = 0;
  let told = 0;
  const each = (act: (bytes: Uint8Array) => void): number =>
    cpuMsOf(() => {
      for (let at = 0; at < SCANS_PER_ROUND; at += 1) act(must(scans[at % scans.length], 'a scan'));
    });
  const decode = (bytes: Uint8Array): void => {
    atMs += SCAN_GAP_MS;
    told += decoder.push(bytes, atMs).length;
  };
  const perSecond = (ms: number): number => Math.round((SCANS_PER_ROUND / ms) * 1000);
  const ours: number[] = [];
  const limit: number[] = [];
  each(decode);
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(perSecond(each(decode)));
    limit.push(perSecond(each((bytes) => void (told += cutOnly(bytes) === 0 ? 1 : 0))));
  }
  if (told !== SCANS_PER_ROUND * (ROUNDS + 1)) throw new Error(`the decoder told ${told} scans`);
  const value = median(ours);
  const goal = `≥ ${SCANS_PER_SECOND_MIN} scans/s`;
  const ratio = Number((value / median(limit)).toPrecision(4));
  const figure = { name: 'decoder, per second of its own time, p50', value, limit: median(limit), ratio };
  return { ...figure, cpuMs: null, unit: 'scans/s', goal, pass: value >= SCANS_PER_SECOND_MIN };
}

interface Reader {
  /** When the next code was told. */
  next: () => Promise<number>;
  close: () => Promise<void>;
}

/** Turns calls of `tell` into answers that can be awaited, one at a time. */
function createBell() {
  let ring: ((atMs: number) => void) | undefined;
  return {
    tell: (): void => ring?.(performance.now()),
    next: (): Promise<number> =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error('a scan was not told')), ANSWER_MS_MAX);
        ring = (atMs) => {
          clearTimeout(late);
          resolve(atMs);
        };
      }),
  };
}

/** The till's core on the big copy, with a scanner at the cable and somebody signed in. */
async function openScanningCore(dataDir: string, cable: PtyCable): Promise<Reader> {
  const bell = createBell();
  const log = pino({ level: 'silent' });
  const config = { keyHex: KEY_HEX, bootId: 'bench', version: '0', isDemo: false, log };
  const core = openCore({ ...config, dataDir, scanner: null });
  let deliver: (message: unknown) => void = () => undefined;
  let answered: (() => void) | undefined;
  const port: Port = {
    post: (message) => {
      // Cast: the core posts nothing else than what the contract lists.
      const posted = message as FromCore;
      if (posted.t === 'reply') answered?.();
      if (posted.t === 'event' && posted.name === 'scan.resolved') bell.tell();
    },
    onMessage: (listener) => {
      deliver = listener;
      return () => undefined;
    },
    close: () => undefined,
  };
  core.connect(port, 'page');
  const ask = (method: string, input: unknown): Promise<void> =>
    new Promise((resolve) => {
      answered = resolve;
      deliver({ t: 'request', id: '0', method, input });
    });
  await ask('session.signIn', { login: 'supervisor', pin: PINS.supervisor });
  await ask('scanner.set', { path: cable.path, profile: 'cr' });
  return { next: bell.next, close: () => core.close() };
}

/** The limit: the same port by the same binding, until the bytes with the ending are there. */
async function openBarePort(cable: PtyCable): Promise<Reader> {
  const bell = createBell();
  const line = { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 } as const;
  const session = await createSerialTransport().open(
    { path: cable.path, line },
    { onChunk: (bytes) => (bytes.includes(13) ? bell.tell() : undefined), onGone: () => undefined },
  );
  return { next: bell.next, close: () => session.close() };
}

async function timeScan(reader: Reader, cable: PtyCable, text: string): Promise<number> {
  const told = reader.next();
  const sentMs = performance.now();
  cable.send(`${text}\r`);
  return (await told) - sentMs;
}

async function benchEvent(tillFolder: string, members: number): Promise<Figure> {
  const cables = [await createPtyCable(), await createPtyCable()] as const;
  const core = await openScanningCore(tillFolder, cables[0]);
  const bare = await openBarePort(cables[1]);
  try {
    let task = 0;
    const next = (): string => cardNumberOf(shuffled((task += 1), members));
    for (let at = 0; at < WARM_UP; at += 1) {
      await timeScan(core, cables[0], next());
      await timeScan(bare, cables[1], next());
    }
    const rounds: Round[] = [];
    for (let at = 0; at < ROUNDS; at += 1) {
      const round: Round = { ours: [], limit: [] };
      for (let turn = 0; turn < EVENTS_PER_ROUND; turn += 1) {
        round.ours.push(await timeScan(core, cables[0], next()));
        round.limit.push(await timeScan(bare, cables[1], next()));
      }
      rounds.push(round);
    }
    return timeFigure({ name: 'bytes at a pty to the core’s event', of: 99 }, rounds, EVENT_MS_MAX);
  } finally {
    await bare.close();
    await core.close();
    for (const cable of cables) await cable.dispose();
  }
}

/** What a scan costs before anything is painted: decoding alone, and from the line to the event. */
export async function benchDecode(tillFolder: string, members: number): Promise<Figure[]> {
  return [benchDecoder(), await benchEvent(tillFolder, members)];
}
