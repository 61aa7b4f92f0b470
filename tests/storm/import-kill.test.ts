import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTill } from '../../db/till/open.ts';
import type { CoreClient } from '../../electron/contract/index.ts';
import type { ImportRun } from '../../electron/contract/imports.ts';
import { createCoreClient } from '../../electron/hosts/client.ts';
import { canonicalJson, type Json } from '../../sync/base/canonical.ts';
import { forkCore } from '../parts/forked-core.ts';
import { PINS } from '../parts/shop.ts';
import { KEY_HEX, makeFolder, seedFolder } from '../parts/till.ts';
import { checkFile, csv, sendFile } from '../unit/electron/core/imports/files.ts';

const ROWS = 3_000;
const KILLS = 12;
const KILL_WITHIN_MS = 120;

const FILE = csv(
  ['full_name', 'mobile_number', 'lookup_id', 'notes', 'tags'],
  ...Array.from({ length: ROWS }, (_, at) => [
    `Kill ${at}`,
    String(81_000_000 + at),
    `K-${at}`,
    `row ${at}`,
    at % 2 === 0 ? 'VIP' : '',
  ]),
);

async function openCore(dir: string) {
  const core = await forkCore(dir, {}, { isQuiet: true });
  const client = createCoreClient(core.port);
  await client['session.signIn']({ login: 'manager', pin: PINS.manager });
  return { core, client };
}

const still = async (client: CoreClient, runId: string): Promise<ImportRun> => {
  for (;;) {
    const run = await client['imports.get']({ runId });
    if (!['checking', 'running', 'undoing'].includes(run.state)) return run;
    await new Promise((resolve) => setImmediate(resolve));
  }
};

/** Begins `act`, kills the core while it is at work, again and again, and lets the last one go on by itself. */
async function through(
  dir: string,
  runId: string,
  act: 'imports.start' | 'imports.undo',
): Promise<ImportRun> {
  for (let kill = 0; ; kill += 1) {
    const { core, client } = await openCore(dir);
    const run = await client['imports.get']({ runId });
    if (kill === 0) await client[act]({ runId });
    if (kill >= KILLS || (kill > 0 && run.state !== 'running' && run.state !== 'undoing')) {
      const end = await still(client, runId);
      await core.close();
      return end;
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * KILL_WITHIN_MS));
    await core.kill();
  }
}

/** What the till's ops say, without what differs from run to run. */
function sayings(dir: string): { kinds: Record<string, number>; created: Set<string>; broken: string[] } {
  const till = openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX });
  const kinds: Record<string, number> = {};
  const created = new Set<string>();
  for (let at = 0; ;) {
    const ops = till.ops.listAfter(at, 500);
    const last = ops.at(-1);
    for (const { op } of ops) {
      kinds[op.kind] = (kinds[op.kind] ?? 0) + 1;
      if (op.body.kind !== 'member.created') continue;
      const { fields, extras } = op.body;
      created.add(canonicalJson({ fields, extras: extras ?? null } as Json));
    }
    if (last === undefined) break;
    at = last.op.tseq;
  }
  const broken = till.check();
  till.close();
  return { kinds, created, broken };
}

test('an import that is killed again and again does each row once, and so does its undo', async () => {
  const dir = makeFolder();
  await seedFolder(dir);
  writeFileSync(join(dir, 'till.key'), KEY_HEX, { mode: 0o600 });
  const { core, client } = await openCore(dir);
  const checked = await checkFile(client, await sendFile(client, Buffer.from(FILE)));
  expect(checked.counts).toMatchObject({ rows: ROWS, create: ROWS });
  await core.close();

  const done = await through(dir, checked.runId, 'imports.start');
  expect(done).toMatchObject({ state: 'done', counts: { rows: ROWS, create: ROWS, done: ROWS, invalid: 0 } });
  const ran = sayings(dir);
  expect({ kinds: ran.kinds, created: ran.created.size, broken: ran.broken }).toEqual({
    kinds: { 'member.created': ROWS },
    created: ROWS,
    broken: [],
  });

  const undone = await through(dir, checked.runId, 'imports.undo');
  expect(undone).toMatchObject({ state: 'undone', counts: { kept: 0 } });
  expect(sayings(dir).kinds).toEqual({ 'member.created': ROWS, 'member.removed': ROWS });
  rmSync(dir, { recursive: true, force: true });
}, 300_000);
