import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTill } from '../../db/till/open.ts';
import type { CoreClient } from '../../electron/contract/index.ts';
import type { ImportRun } from '../../electron/contract/imports.ts';
import { createCoreClient } from '../../electron/hosts/client.ts';
import { toCardNumber } from '../../sync/base/card-number.ts';
import { toHlc } from '../../sync/base/clock.ts';
import { createStateHash } from '../../sync/merge/state-hash.ts';
import type { Op, OpBody } from '../../sync/model/op.ts';
import { forkCore } from '../parts/forked-core.ts';
import { testCrypto } from '../parts/node-crypto.ts';
import { CORE_FOLDER } from '../parts/cut-images.ts';
import { createRowTable } from '../parts/ops.ts';
import { buildRecorder, CutDisk, LEFTOVERS, readRecording } from '../parts/power-cut.ts';
import { CHAIN, PINS } from '../parts/shop.ts';
import { KEY_HEX, makeFolder, seedFolder } from '../parts/till.ts';
import { createRandom } from '../sim/random.ts';
import { checkFile, csv, sendFile, start } from '../unit/electron/core/imports/files.ts';

const ROWS = 3_000;
const BASE = 400;
const KILLS = 12;
const KILL_WITHIN_MS = 120;
const CARDS = 2_000;

const HEAD = ['full_name', 'mobile_number', 'lookup_id', 'email', 'notes', 'tags', 'membership_point'];
const mobileOf = (at: number): string => String(81_000_000 + at);
/** Rows of the file, and how many of them are about members who are there. */
interface Size {
  rows: number;
  base: number;
}

const baseFile = ({ base }: Size): string =>
  csv(
    HEAD,
    ...Array.from({ length: base }, (_, at) => [
      ...[`Kill ${at}`, mobileOf(at), `K-${at}`, `k${at}@example.org`, '', 'Old', at % 4 === 0 ? '9' : ''],
    ]),
  );
/** Of those who are there some get a card, an address that a later row has too, another name, or nothing. */
const fileOf = ({ rows, base }: Size): string =>
  csv(
    HEAD,
    ...Array.from({ length: rows }, (_, at) => [
      at % 9 === 0 ? `Kill ${at}` : `Killed ${at}`,
      ...[mobileOf(at), `K-${at}`, at % 7 === 0 ? '' : `home${at % (base * 2)}@example.org`],
      ...[`row ${at}`, at % 2 === 0 ? 'VIP' : '', at % 3 === 0 ? String(1 + at) : ''],
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

type Act = 'imports.start' | 'imports.undo';

/** Begins `act`, kills the core while it is at work, `kills` times, and lets the last one go on by itself. */
async function through(dir: string, runId: string, [act, kills]: [Act, number]): Promise<ImportRun> {
  for (let kill = 0; ; kill += 1) {
    const { core, client } = await openCore(dir);
    const run = await client['imports.get']({ runId });
    if (kill === 0) await client[act]({ runId });
    if (kill >= kills || (kill > 0 && run.state !== 'running' && run.state !== 'undoing')) {
      const end = await still(client, runId);
      await core.close();
      return end;
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * KILL_WITHIN_MS));
    await core.kill();
  }
}

interface Said {
  ops: { opId: string; body: OpBody }[];
  kinds: Record<string, number>;
  stateHash: string;
  broken: string[];
}

/** What the till's ops say and come to, as if all had been made by one clock. */
function sayings(dir: string): Said {
  const till = openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX });
  const table = createRowTable();
  const said: Said = { ops: [], kinds: {}, stateHash: '', broken: till.check() };
  for (let at = 0; ;) {
    const ops = till.ops.listAfter(at, 500);
    const last = ops.at(-1);
    if (last === undefined) break;
    for (const { op } of ops) {
      said.kinds[op.kind] = (said.kinds[op.kind] ?? 0) + 1;
      said.ops.push({ opId: op.opId, body: op.body });
      const oneClock: Op = { ...op, wallMs: op.tseq, hlc: toHlc(op.tseq) };
      expect(table.apply(oneClock)?.held).toBeNull();
    }
    at = last.op.tseq;
  }
  till.close();
  const hash = createStateHash(testCrypto);
  for (const row of table.members.values()) hash.addMember(row);
  for (const row of table.cards.values()) hash.addCard(row);
  for (const row of table.accounts.values()) hash.addAccount(row);
  return { ...said, stateHash: hash.value() };
}

/** A till with some members, card numbers enough, and a file that was checked. */
async function makeSite(size: Size): Promise<{ dir: string; runId: string }> {
  const dir = makeFolder();
  await seedFolder(dir);
  const till = openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX });
  const numbers = Array.from({ length: CARDS }, (_, at) =>
    toCardNumber(testCrypto, { key: 'key', prefix: CHAIN.cardPrefix }, 1_000 + at),
  );
  till.stock.addBlock({ blockId: 2, numbers });
  till.close();
  writeFileSync(join(dir, 'till.key'), KEY_HEX, { mode: 0o600 });
  const { core, client } = await openCore(dir);
  const points = { points: 'points' };
  const base = await checkFile(client, await sendFile(client, Buffer.from(baseFile(size))), points);
  await start(client, base);
  const checked = await checkFile(client, await sendFile(client, Buffer.from(fileOf(size))), points);
  const { rows, base: update } = size;
  expect(checked.counts).toMatchObject({ rows, create: rows - update, update, invalid: 0 });
  await core.close();
  return { dir, runId: checked.runId };
}

test('an import that is killed again and again does what an unbroken one does, and so does its undo', async () => {
  const { dir, runId } = await makeSite({ rows: ROWS, base: BASE });
  const unbroken = `${dir}-unbroken`;
  cpSync(dir, unbroken, { recursive: true });
  const before = sayings(dir);

  const both = async (act: Act): Promise<[ImportRun, Said]> => {
    const end = await through(dir, runId, [act, KILLS]);
    const whole = await through(unbroken, runId, [act, 0]);
    expect({ ...end, endedAtMs: 0 }).toEqual({ ...whole, endedAtMs: 0 });
    const said = sayings(dir);
    expect(said).toEqual(sayings(unbroken));
    expect(said.broken).toEqual([]);
    return [end, said];
  };

  const [done, ran] = await both('imports.start');
  expect(done).toMatchObject({ state: 'done', counts: { rows: ROWS, done: ROWS, invalid: 0 } });
  expect(ran.kinds['member.created']).toBe(ROWS);
  expect(new Set(ran.ops.map(({ opId }) => opId)).size).toBe(ran.ops.length);

  const [undone, taken] = await both('imports.undo');
  expect(undone).toMatchObject({ state: 'undone', counts: { kept: 0 } });
  expect(taken.kinds['member.removed']).toBe(ROWS - BASE);
  expect(taken.stateHash).toBe(before.stateHash);
  for (const each of [dir, unbroken]) rmSync(each, { recursive: true, force: true });
}, 300_000);

const CUTS = 10;
const SEED = Number(process.env['STORM_SEED'] ?? 1_125);
/** What an import writes to; the copy of the members is not changed by it. */
const WRITTEN = /^((till|imports)\.db(-wal|-journal)?|spill\..*)$/;

test(`an import goes on after ${CUTS} cuts of the power, at moments at random, as if there had been none (R-D2, seed ${SEED})`, async () => {
  const { dir, runId } = await makeSite({ rows: 450, base: 60 });
  const work = mkdtempSync('/dev/shm/counterfoil-import-cut-');
  const base = join(work, 'base');
  cpSync(dir, base, { recursive: true });
  const env = {
    ...{ LD_PRELOAD: buildRecorder(work), RECORDER_LOG: join(work, 'events'), RECORDER_FOLDER: dir },
  };
  const core = await forkCore(dir, env, { isQuiet: true, bundle: join(CORE_FOLDER, 'index.cjs') });
  const client = createCoreClient(core.port);
  await client['session.signIn']({ login: 'manager', pin: PINS.manager });
  await client['imports.start']({ runId });
  const unbroken = await still(client, runId);
  await core.close();
  const whole = sayings(dir);
  const events = readRecording(join(work, 'events'));
  // Otherwise this says nothing of the file.
  expect(new Set(events.map(({ name }) => name))).toContain('imports.db-wal');
  const random = createRandom(SEED);
  const disk = new CutDisk(base, undefined, (name) => WRITTEN.test(name));
  const cuts = Array.from({ length: CUTS }, () => random.int(events.length + 1));
  let at = 0;
  for (const end of cuts.toSorted((left, right) => left - right)) {
    for (const event of events.slice(at, end)) disk.apply(event);
    at = end;
    const image = mkdtempSync(join(work, 'image-'));
    for (const name of readdirSync(base).filter((each) => !WRITTEN.test(each)))
      cpSync(join(base, name), join(image, name), { recursive: true });
    disk.writeImage(image, random.pick(LEFTOVERS), random);
    const ended = await through(image, runId, ['imports.start', 0]);
    expect({ ...ended, endedAtMs: 0 }).toEqual({ ...unbroken, endedAtMs: 0 });
    expect(sayings(image)).toEqual(whole);
    rmSync(image, { recursive: true, force: true });
  }
  for (const each of [dir, work]) rmSync(each, { recursive: true, force: true });
}, 300_000);
