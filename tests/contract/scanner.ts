import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Scan, ScanLoss, Scanner, SlotState } from '../../drivers/types.ts';

/** A scanner and the far end of its cable. */
export interface ScannerRig {
  readonly scanner: Scanner;
  send(text: string): void;
  unplug(): Promise<void>;
  plug(): Promise<void>;
  /** Another program takes the port; the returned function lets it go. */
  occupy(): Promise<() => Promise<void>>;
  dispose(): Promise<void>;
}

const CARD = '6035550000001230';
const UNPLUG_ROUNDS = 20;

/** What every scanner does, whatever it is connected by. Rigs use the profile `cr` and own prefix 603555. */
export function scannerContract(name: string, createRig: () => Promise<ScannerRig>): void {
  describe(`scanner contract: ${name}`, () => {
    const rig = useRig(createRig);
    testScans(rig);
    testCable(rig);
    testLife(rig);
  });
}

interface CurrentRig {
  readonly current: ScannerRig;
}

/** A new rig for each test. */
function useRig(createRig: () => Promise<ScannerRig>): CurrentRig {
  let rig: ScannerRig | null = null;
  beforeEach(async () => {
    rig = await createRig();
  });
  afterEach(async () => {
    await rig?.scanner.close();
    await rig?.dispose();
  });
  return {
    get current() {
      if (rig === null) throw new Error('a rig exists inside a test only');
      return rig;
    },
  };
}

function testScans(rig: CurrentRig): void {
  test('a scan carries text, kind, profile, device and both clocks', async () => {
    await rig.current.scanner.open();
    const startedAt = { mono: performance.now(), wall: Date.now() };
    const [scan] = await scansOf(rig, 1, () => rig.current.send(`${CARD}\r`));
    expect(scan).toEqual({
      kind: 'member-card',
      text: CARD,
      symbology: 'unknown',
      isDeclared: false,
      aim: null,
      facts: {},
      gs1: null,
      addOn: null,
      issues: [],
      profile: 'cr',
      device: rig.current.scanner.device,
      atMs: expect.any(Number),
      receivedAtMs: expect.any(Number),
    });
    expect(scan?.atMs).toBeGreaterThanOrEqual(startedAt.mono);
    expect(scan?.receivedAtMs).toBeGreaterThanOrEqual(startedAt.wall - 1);
  });

  test('two scans in one chunk are two scans, in order', async () => {
    await rig.current.scanner.open();
    expect(await textsOf(rig, 2, () => rig.current.send('FIRST\rSECOND\r'))).toEqual(['FIRST', 'SECOND']);
  });

  test('a scan split over two chunks is one scan', async () => {
    await rig.current.scanner.open();
    const send = (): void => {
      rig.current.send(CARD.slice(0, 5));
      setImmediate(() => rig.current.send(`${CARD.slice(5)}\r`));
    };
    expect(await textsOf(rig, 1, send)).toEqual([CARD]);
  });

  test('one scan in fifty chunks is one scan', async () => {
    await rig.current.scanner.open();
    const text = 'x'.repeat(49);
    expect(await textsOf(rig, 1, () => void trickle(rig.current, `${text}\r`))).toEqual([text]);
  });

  test('a partial scan is reported as lost after its silence and never joins the next', async () => {
    await rig.current.scanner.open();
    const loss = new Promise<ScanLoss>((resolve) => rig.current.scanner.onLoss(resolve));
    rig.current.send('60355500');
    const { device } = rig.current.scanner;
    expect(await loss).toEqual({ why: 'partial', byteCount: 8, hint: null, device });
    expect(await textsOf(rig, 1, () => rig.current.send(`${CARD}\r`))).toEqual([CARD]);
  });

  test('a payment card is refused without its text', async () => {
    await rig.current.scanner.open();
    const [scan] = await scansOf(rig, 1, () => rig.current.send('4111111111111111\r'));
    expect([scan?.kind, scan?.text]).toEqual(['blocked-payment-card', '']);
    expect(JSON.stringify(scan)).not.toMatch(/4111|1111/);
  });
}

function testCable(rig: CurrentRig): void {
  test('unplugged it is gone, says why, forgets what was begun, and comes back by itself', async () => {
    await rig.current.scanner.open();
    const gone = untilState(rig.current.scanner, 'gone');
    rig.current.send('HALF');
    await rig.current.unplug();
    await gone;
    expect(rig.current.scanner.status().error?.code).toMatch(/^(gone|absent)$/);
    const ready = untilState(rig.current.scanner, 'ready');
    await rig.current.plug();
    await ready;
    expect(await textsOf(rig, 1, () => rig.current.send(`${CARD}\r`))).toEqual([CARD]);
  });

  test('absent at the start, it is ready once it is plugged in', async () => {
    await rig.current.unplug();
    await rig.current.scanner.open();
    expect([rig.current.scanner.status().state, rig.current.scanner.status().error?.code]).toEqual([
      'absent',
      'absent',
    ]);
    const ready = untilState(rig.current.scanner, 'ready');
    await rig.current.plug();
    await ready;
    expect(await textsOf(rig, 1, () => rig.current.send('BACK\r'))).toEqual(['BACK']);
  });

  test('a port in use is busy, in words, and ready once the other lets go', async () => {
    const release = await rig.current.occupy();
    await rig.current.scanner.open();
    const { state, error } = rig.current.scanner.status();
    expect([state, error?.name, error?.code, error?.message]).toEqual([
      'busy',
      'DeviceError',
      'busy',
      'Another program is using this port',
    ]);
    const ready = untilState(rig.current.scanner, 'ready');
    await release();
    await ready;
  });

  test(`${UNPLUG_ROUNDS} unplugs with bytes in flight are all noticed`, { timeout: 60_000 }, async () => {
    await rig.current.scanner.open();
    for (let round = 0; round < UNPLUG_ROUNDS; round += 1) {
      const first = scansOf(rig, 1, () => undefined);
      const flood = setInterval(() => rig.current.send('4006381333931\r'), 1);
      await first;
      const gone = untilState(rig.current.scanner, 'gone');
      await rig.current.unplug();
      clearInterval(flood);
      await gone;
      const ready = untilState(rig.current.scanner, 'ready');
      await rig.current.plug();
      await ready;
    }
    expect(await textsOf(rig, 1, () => rig.current.send(`${CARD}\r`))).toEqual([CARD]);
  });
}

function testLife(rig: CurrentRig): void {
  test('open leads to ready, and state listeners see each step once', async () => {
    const seen: SlotState[] = [];
    rig.current.scanner.onState(({ state }) => seen.push(state));
    await rig.current.scanner.open();
    expect([rig.current.scanner.status(), seen]).toEqual([
      { state: 'ready', error: null },
      ['opening', 'ready'],
    ]);
  });

  test('a listener that was removed hears nothing', async () => {
    await rig.current.scanner.open();
    const heard: Scan[] = [];
    const remove = rig.current.scanner.onScan((scan) => heard.push(scan));
    remove();
    await scansOf(rig, 1, () => rig.current.send('ONE\r'));
    expect(heard).toEqual([]);
  });

  test('close removes every listener, waits for the handle, and may be called twice', async () => {
    await rig.current.scanner.open();
    const heard: unknown[] = [];
    rig.current.scanner.onScan((scan) => heard.push(scan));
    rig.current.scanner.onState((status) => heard.push(status));
    await Promise.all([rig.current.scanner.close(), rig.current.scanner.close()]);
    const release = await rig.current.occupy(); // Would be refused while the handle is open.
    rig.current.send(`${CARD}\r`);
    await release();
    await rig.current.unplug();
    expect([heard, rig.current.scanner.status()]).toEqual([[], { state: 'absent', error: null }]);
    await expect(rig.current.scanner.open()).rejects.toThrow('open is called once');
  });

  test('close while the port is missing ends the attempts', async () => {
    await rig.current.unplug();
    await rig.current.scanner.open();
    await rig.current.scanner.close();
    await rig.current.plug();
    const release = await rig.current.occupy();
    await release();
    expect(rig.current.scanner.status().state).toBe('absent');
  });
}

const scansOf = (rig: CurrentRig, count: number, send: () => void): Promise<Scan[]> =>
  collect(rig.current.scanner, count, send);

const textsOf = async (rig: CurrentRig, count: number, send: () => void): Promise<string[]> =>
  (await scansOf(rig, count, send)).map((scan) => scan.text);

async function collect(scanner: Scanner, count: number, send: () => void): Promise<Scan[]> {
  const scans: Scan[] = [];
  await new Promise<void>((resolve) => {
    const remove = scanner.onScan((scan) => {
      scans.push(scan);
      if (scans.length < count) return;
      remove();
      resolve();
    });
    send();
  });
  return scans;
}

/** From now on: a state that is already there does not count. */
function untilState(scanner: Scanner, wanted: SlotState): Promise<void> {
  return new Promise((resolve) => {
    const remove = scanner.onState(({ state }) => {
      if (state !== wanted) return;
      remove();
      resolve();
    });
  });
}

/** One byte per turn of the event loop. */
async function trickle(rig: ScannerRig, text: string): Promise<void> {
  for (const sign of text) {
    rig.send(sign);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
