import { createSerialScanner } from '../../drivers/scanner.ts';
import type { Scan, ScanLoss, Scanner, SlotState } from '../../drivers/types.ts';
import { luhnDigit } from '../../sync/base/card-number.ts';
import { createPtyCable, type PtyCable } from './pty.ts';

const OWN_PREFIX = '603555';

/** A serial scanner of the product on a cable of its own, and all that it told. */
export interface ScannerLane {
  readonly cable: PtyCable;
  readonly scanner: Scanner;
  readonly scans: readonly Scan[];
  readonly losses: readonly ScanLoss[];
  /** Resolves once this text was told. */
  readonly untilTold: (text: string) => Promise<void>;
  readonly dispose: () => Promise<void>;
}

/** The own card number of a lane's scan: no two are the same, and each has its check digit. */
export function laneCard(lane: number, at: number): string {
  const digits = `${OWN_PREFIX}${String(lane).padStart(3, '0')}${String(at).padStart(6, '0')}`;
  return digits + luhnDigit(digits);
}

/** A till's scanner that is open and ready. */
export async function openLane(): Promise<ScannerLane> {
  const cable = await createPtyCable();
  const scanner = createSerialScanner({ path: cable.path, profile: 'cr', ownPrefixes: [OWN_PREFIX] });
  const scans: Scan[] = [];
  const losses: ScanLoss[] = [];
  const told = new Set<string>();
  const waiting = new Map<string, () => void>();
  scanner.onScan((scan) => {
    scans.push(scan);
    told.add(scan.text);
    waiting.get(scan.text)?.();
  });
  scanner.onLoss((loss) => losses.push(loss));
  await scanner.open();
  return {
    cable,
    scanner,
    scans,
    losses,
    untilTold: (text) =>
      new Promise((resolve) => {
        if (told.has(text)) resolve();
        else waiting.set(text, resolve);
      }),
    async dispose() {
      await scanner.close();
      await cable.dispose();
    },
  };
}

/** From now on: a state that is already there does not count. */
export function untilState(scanner: Scanner, wanted: SlotState): Promise<void> {
  return new Promise((resolve) => {
    const remove = scanner.onState(({ state }) => {
      if (state !== wanted) return;
      remove();
      resolve();
    });
  });
}
