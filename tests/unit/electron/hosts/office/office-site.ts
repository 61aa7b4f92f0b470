import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { readOptions } from '../../../../../electron/hosts/office/options.ts';
import { runOffice, type Office } from '../../../../../electron/hosts/office/run-office.ts';
import { createTillSettings } from '../../../../../electron/core/till-settings.ts';
import { openTill } from '../../../../../db/till/open.ts';
import type { Rows } from '../../../../../sync/model/feed.ts';
import { KEY_HEX, makeFolder, seedFolder } from '../../../../parts/till.ts';

export interface OfficeSite {
  office: Office;
  url: string;
  /** Where it listens itself: behind a program in front its address is another one. */
  port: number;
  /** The office's clock, for what is away or idle; it stands still otherwise. */
  pass(ms: number): void;
  close(): Promise<void>;
}

/** An office of the test chain on a port of its own, enrolled without a centre; nobody answers its sync. */
export async function openOffice(
  rows: Partial<Rows> = {},
  words: readonly string[] = [],
): Promise<OfficeSite> {
  const folder = makeFolder();
  const [dataDir, pageDir] = [join(folder, 'office'), join(folder, 'page')];
  mkdirSync(join(pageDir, 'assets'), { recursive: true });
  mkdirSync(dataDir, { mode: 0o700 });
  writeFileSync(join(pageDir, 'index.html'), '<!doctype html><title>Counterfoil</title>');
  writeFileSync(join(pageDir, 'assets/page-1.js'), 'export {};');
  writeFileSync(join(pageDir, '.stamp'), 'not of the page');
  writeFileSync(join(folder, 'secret.json'), '{"secret":true}');
  writeFileSync(join(dataDir, 'till.key'), `${KEY_HEX}\n`, { mode: 0o600 });
  await seedFolder(dataDir, { rows });
  const till = openTill({ path: join(dataDir, 'till.db'), keyHex: KEY_HEX });
  const settings = createTillSettings(till.settings);
  const enrolment = settings.enrolment();
  if (enrolment !== null) settings.setEnrolment({ ...enrolment, kind: 'office' });
  till.close();
  let nowMs = 1_000_000;
  const office = await runOffice({
    options: { ...readOptions(['--port', '0', ...words]), dataDir },
    pageDir,
    isDemo: false,
    log: pino({ level: 'silent' }),
    onEnd: () => undefined,
    nowMs: () => nowMs,
    core: {
      freeBytes: () => Number.MAX_SAFE_INTEGER,
      clock: { nowMs: () => Date.now(), monotonicMs: () => nowMs },
    },
  });
  return {
    office,
    url: office.url,
    port: office.port,
    pass: (ms) => {
      nowMs += ms;
      office.desks.look();
    },
    close: async () => {
      await office.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
