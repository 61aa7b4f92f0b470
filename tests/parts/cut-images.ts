import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { openTill } from '../../db/till/open.ts';
import { rescueFromSpill } from '../../electron/core/spill.ts';
import { createTillSettings } from '../../electron/core/till-settings.ts';
import { KEY_HEX } from './till.ts';

export const CORE_FOLDER = join(import.meta.dirname, '../../out/core');
const OPS_MAX = 10_000;
const log = pino({ level: 'silent' });

/** The same core, but not as durable: as it would be without one line of `db/open.ts`. */
export function buildNormalCore(): string {
  const folder = join(CORE_FOLDER, '../test/core-normal');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  let found = 0;
  for (const name of readdirSync(CORE_FOLDER).filter((each) => each.endsWith('.cjs'))) {
    const text = readFileSync(join(CORE_FOLDER, name), 'utf8');
    const normal = text
      .replaceAll('raw.pragma("synchronous = FULL")', 'raw.pragma("synchronous = NORMAL")')
      .replaceAll('synchronous !== 2', 'synchronous !== 1');
    if (normal !== text) found += 1;
    writeFileSync(join(folder, name), normal);
  }
  if (found === 0) throw new Error('the core has no such line any more');
  return join(folder, 'index.cjs');
}

export interface Opened {
  /** Confirmed ops that the file alone did not have, what the start said it put back, and what is missing then. */
  lostInFile: number;
  rescued: number;
  lost: number;
  /** What is wrong with the file, in words. */
  problems: string[];
}

/** Opens what a cut has left of a till's folder as the core does at its start. */
export function openImage(image: string, confirmed: ReadonlySet<string>): Opened {
  const till = openTill({ path: join(image, 'till.db'), keyHex: KEY_HEX });
  const missing = (): number => {
    const held = new Set<string>(till.ops.listAfter(0, OPS_MAX).map(({ op }) => op.opId));
    return [...confirmed].filter((opId) => !held.has(opId)).length;
  };
  try {
    const lostInFile = missing();
    const enrolment = createTillSettings(till.settings).enrolment();
    const { putBack, waiting } = rescueFromSpill({ dataDir: image, log }, till, enrolment);
    const rescued = putBack + waiting;
    return { lostInFile, rescued, lost: missing(), problems: till.check() };
  } finally {
    till.close();
  }
}
