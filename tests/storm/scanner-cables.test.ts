import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { laneCard, openLane, untilState, type ScannerLane } from '../parts/scanner-lane.ts';

/** Side by side, or ten thousand scans at a scanner's pace would take minutes. */
const LANES = 10;
const SCANS_PER_LANE = 1000;
const SCAN_EVERY_MS = 20;
/** In each lane: one in the middle of a frame, one with a scan on its way. */
const KICKED_AT = { inFrame: 300, inFlight: 700 };
const UNPLUGS_PER_LANE = 20;

async function openLanes(): Promise<ScannerLane[]> {
  const lanes = await Promise.all(Array.from({ length: LANES }, openLane));
  onTestFinished(async () => {
    await Promise.all(lanes.map((lane) => lane.dispose()));
  });
  return lanes;
}

/** Milliseconds until the till noticed, and from the cable's return until it was ready. */
interface Kick {
  readonly noticedMs: number;
  readonly readyMs: number;
}

async function kickCable({ cable, scanner }: ScannerLane, onPulled = (): void => undefined): Promise<Kick> {
  const gone = untilState(scanner, 'gone');
  const pulledAtMs = performance.now();
  await Promise.all([cable.unplug().then(onPulled), gone]);
  const noticedMs = performance.now() - pulledAtMs;
  const ready = untilState(scanner, 'ready');
  await cable.plug();
  const pluggedAtMs = performance.now();
  await ready;
  return { noticedMs, readyMs: Math.max(0, performance.now() - pluggedAtMs) };
}

/** Cards that were sent, and those of them that a pulled cable may have swallowed. */
interface Sent {
  readonly cards: string[];
  readonly inFlight: Set<string>;
}

async function sendAtPace(lane: ScannerLane, number: number): Promise<Sent> {
  const sent: Sent = { cards: [], inFlight: new Set() };
  const send = (at: number): string => {
    const card = laneCard(number, at);
    sent.cards.push(card);
    lane.cable.send(`${card}\r`);
    return card;
  };
  let startMs = performance.now();
  for (let at = 0; at < SCANS_PER_LANE; at += 1) {
    const isKick = at === KICKED_AT.inFrame || at === KICKED_AT.inFlight;
    if (isKick) {
      await lane.untilTold(sent.cards.at(-1) ?? '');
      if (at === KICKED_AT.inFrame) lane.cable.send(laneCard(number, 999_999).slice(0, 9));
      else sent.inFlight.add(send(SCANS_PER_LANE));
      const beganMs = performance.now();
      await kickCable(lane);
      startMs += performance.now() - beganMs;
    }
    send(at);
    await pause(Math.max(0, startMs + (at + 1) * SCAN_EVERY_MS - performance.now()));
  }
  await lane.untilTold(sent.cards.at(-1) ?? '');
  return sent;
}

test('10,000 scans at 50 a second with 20 unplugs: none lost while plugged, none doubled, none made up', async () => {
  const lanes = await openLanes();
  const sent = await Promise.all(lanes.map(sendAtPace));
  for (const [number, lane] of lanes.entries()) {
    const { cards, inFlight } = sent[number] ?? { cards: [], inFlight: new Set() };
    const heard = lane.scans.map(({ text }) => text);
    // In order, and each once; what was on its way when the cable went may be missing.
    expect(heard).toEqual(cards.filter((card) => !inFlight.has(card) || heard.includes(card)));
    expect(new Set(lane.scans.map(({ kind }) => kind))).toEqual(new Set(['member-card']));
    expect(lane.losses).toEqual([]);
  }
  const count = lanes.reduce((total, { scans }) => total + scans.length, 0);
  expect(count).toBeGreaterThanOrEqual(LANES * SCANS_PER_LANE);
});

const told = (figures: readonly number[]): string => {
  const sorted = [...figures].sort((left, right) => left - right);
  const at = (part: number): string => (sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN).toFixed(0);
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)} ms`;
};

test('200 unplugs with bytes in flight: each is noticed, each scanner is ready again after its replug', async () => {
  const lanes = await openLanes();
  const kicks: Kick[] = [];
  const kickForEver = async (lane: ScannerLane, number: number): Promise<void> => {
    for (let round = 0; round < UNPLUGS_PER_LANE; round += 1) {
      const card = laneCard(number, round);
      const flood = setInterval(() => lane.cable.send(`${card}\r`), 1);
      await lane.untilTold(card);
      kicks.push(await kickCable(lane, () => clearInterval(flood)));
    }
  };
  await Promise.all(lanes.map(kickForEver));
  process.stdout.write(
    `scanner cables: ${kicks.length} unplugs under load, noticed ${told(kicks.map(({ noticedMs }) => noticedMs))}; ` +
      `ready after replug ${told(kicks.map(({ readyMs }) => readyMs))}\n`,
  );
  expect(kicks).toHaveLength(LANES * UNPLUGS_PER_LANE);
  expect(lanes.map(({ scanner }) => scanner.status().state)).toEqual(Array(LANES).fill('ready'));
});

test('a flood of 10,000 scans as fast as the cable takes them: all of them, in order', async () => {
  const lane = await openLane();
  onTestFinished(lane.dispose);
  const perChunk = 200; // Fits the terminal's buffer, which loses what does not.
  const cards = Array.from({ length: 10_000 }, (_, at) => laneCard(1, at));
  for (let from = 0; from < cards.length; from += perChunk) {
    const chunk = cards.slice(from, from + perChunk);
    lane.cable.send(chunk.map((card) => `${card}\r`).join(''));
    await lane.untilTold(chunk.at(-1) ?? '');
  }
  expect(lane.scans.map(({ text }) => text)).toEqual(cards);
});
