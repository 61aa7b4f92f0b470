import { closeSync, fdatasyncSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../../db/migrate.ts';
import { openFile } from '../../db/open.ts';
import type { SpillFile } from '../../db/spill/spill-file.ts';
import { tillMigrations } from '../../db/till/open.ts';
import { newId, type OpId } from '../../sync/base/ids.ts';
import { CHAIN_START } from '../../sync/model/op.ts';
import { STORE_ID, TILL_ID } from '../parts/shop.ts';
import { KEY_HEX } from '../parts/till.ts';
import { type Figure, ratioFigure, type Round } from './figure.ts';
import { cardIdOf, hasStampCard, memberIdOf } from './members.ts';
import { timePairs } from './pairs.ts';
import { shuffled } from './random.ts';
import { openServedCore, type ServedCore } from './served-core.ts';

const TASKS = { rounds: 5, perRound: 400, warmUp: 1_000 };
const RATIO_MAX = 1.5;

const toHash = (number: number): string =>
  number === 0 ? CHAIN_START : number.toString(16).padStart(32, '0');

/** A file in which a stamp is made durable with nothing else around it. */
interface RawFile {
  /** @returns an act that saves a stamp of member `at`; durable when it returns */
  toSave(at: number): () => void;
  close(): void;
}

/** What is not the same in each row, made beforehand. */
function createRows() {
  let tseq = 0;
  return (at: number): (string | number)[] => {
    tseq += 1;
    const [memberId, cardId] = [memberIdOf(at), cardIdOf(at)];
    const onCard = { memberId, cardId, accountId: cardId, cardTypeVersion: 1 };
    const moved = { kind: 'stamp.added', count: 1, amountMinor: null, receiptNo: '' };
    const body = JSON.stringify({ ...moved, ...onCard });
    const hlc = tseq.toString(16).padStart(16, '0');
    return [tseq, newId(), hlc, toHash(tseq - 1), toHash(tseq), body, memberId];
  };
}

/** The bytes of a row as one text, into a table that has nothing but row numbers; same settings and cipher. */
function openPlainTable(path: string): RawFile {
  const raw = openFile({ path, keyHex: KEY_HEX, file: 'till' });
  raw.exec('CREATE TABLE plain (id INTEGER PRIMARY KEY, row TEXT NOT NULL) STRICT');
  const insert = raw.prepare('INSERT INTO plain (row) VALUES (?)');
  const rowOf = createRows();
  const same = [TILL_ID, 1_790_000_000_000, 'staff-cashier', STORE_ID, '2026-09-21', 'stamp.added'];
  return {
    toSave: (at) => {
      const text = [...rowOf(at), ...same].join('');
      return () => void insert.run(text);
    },
    close: () => void raw.close(),
  };
}

/** The same row into the same table, with its indexes and triggers, by a statement written by hand. */
function openRawOps(path: string): RawFile {
  const raw = openFile({ path, keyHex: KEY_HEX, file: 'till' });
  migrate(raw, { path, migrations: tillMigrations, hasBackup: false });
  const insert = raw.prepare(
    `INSERT INTO ops (tseq, op_id, version, till_id, incarnation, hlc, wall_ms, actor_id, store_id, business_day, kind,
       salt, prev, hash, body, member_id, corrects_op_id, units, ack_seq, held_reason)
     VALUES (?, ?, 1, '${TILL_ID}', 1, ?, 1790000000000, 'staff-cashier', '${STORE_ID}', '2026-09-21', 'stamp.added',
       '', ?, ?, ?, ?, NULL, 1, NULL, NULL)`,
  );
  const rowOf = createRows();
  return {
    toSave: (at) => {
      const values = rowOf(at);
      return () => void insert.run(...values);
    },
    close: () => void raw.close(),
  };
}

/** What a stamp takes in the spill file: its op as JSON, frame, number and seal. */
const RECORD_BYTES = 740;
const NO_SPILL: SpillFile = {
  append: () => undefined,
  appendAll: () => undefined,
  takeBack: () => undefined,
  settle: () => undefined,
  forget: () => undefined,
  close: () => undefined,
};

/** Appends a record of that length to a file with room made beforehand, and waits for the disk. */
function openRawSpill(path: string, records: number): { save: () => void; close: () => void } {
  const descriptor = openSync(path, 'w+');
  const record = Buffer.alloc(RECORD_BYTES, 0x5a);
  writeSync(descriptor, Buffer.alloc(records * RECORD_BYTES), 0, records * RECORD_BYTES, 0);
  fsyncSync(descriptor);
  let at = 0;
  const save = (): void => {
    writeSync(descriptor, record, 0, RECORD_BYTES, at);
    fdatasyncSync(descriptor);
    at += RECORD_BYTES;
  };
  return { save, close: () => closeSync(descriptor) };
}

/** Both at once: the row durable in its file, the record durable beside it. */
const withSpill = (raw: RawFile, spill: { save: () => void }): RawFile => ({
  toSave: (at) => {
    const save = raw.toSave(at);
    return () => {
      spill.save();
      save();
    };
  },
  close: raw.close,
});

/** Members who hold a stamp card, in no order. */
function stampMembers(members: number, count: number): number[] {
  const found: number[] = [];
  for (let at = 0; at < members && found.length < count; at += 1) {
    const whom = shuffled(at, members);
    if (hasStampCard(whom)) found.push(whom);
  }
  return found;
}

interface Beside {
  core: ServedCore;
  raw: RawFile;
  memberAt: (task: number) => number;
}

/** As at the counter, the member is on the screen when the button is pressed. */
function timeStamps({ core, raw, memberAt }: Beside): Round[] {
  let save: () => void = () => undefined;
  let stamp: () => string = () => '';
  return timePairs(
    {
      before: (task) => {
        const at = memberAt(task);
        const input = { opId: newId<OpId>(), cardId: cardIdOf(at), count: 1 };
        save = raw.toSave(at);
        stamp = () => core.call('stamps.add', input).member.memberId;
        core.call('members.get', { memberId: memberIdOf(at) });
      },
      ours: (task) => {
        if (stamp() !== memberIdOf(memberAt(task))) throw new Error('another member was stamped');
        return core.savedAtMs();
      },
      limit: () => {
        save();
        return undefined;
      },
    },
    TASKS,
  );
}

/**
 * A stamp beside raw durable work: of the very row with its indexes and triggers, then of a plain one, each with a
 * record in a file beside it; and once without the spill file on either side.
 */
export async function benchStamp(dir: string, members: number): Promise<Figure[]> {
  const count = TASKS.warmUp + TASKS.rounds * TASKS.perRound;
  const whom = stampMembers(members, 3 * count);
  // Nobody twice: who has an open stamp already takes longer to look at.
  const memberFrom =
    (first: number) =>
    (task: number): number =>
      whom[(first + task) % whom.length] ?? 0;
  const [plain, ops] = [openPlainTable(join(dir, 'plain.db')), openRawOps(join(dir, 'raw.db'))];
  const spill = openRawSpill(join(dir, 'raw.log'), 2 * count);
  const within = async (
    file: SpillFile | undefined,
    act: (core: ServedCore) => Figure[],
  ): Promise<Figure[]> => {
    const core = await openServedCore(dir, file);
    try {
      return act(core);
    } finally {
      await core.close();
    }
  };
  const figure = (name: string, rounds: Round[]): Figure => ratioFigure({ name, of: 50 }, rounds, RATIO_MAX);
  try {
    const bare = await within(NO_SPILL, (core) => [
      figure(
        'stamp without spill, to durable commit',
        timeStamps({ core, raw: ops, memberAt: memberFrom(0) }),
      ),
    ]);
    const whole = await within(undefined, (core) => [
      figure(
        'stamp, request to durable commit and spill',
        timeStamps({ core, raw: withSpill(ops, spill), memberAt: memberFrom(count) }),
      ),
      figure(
        'stamp, beside a plain row and a plain record',
        timeStamps({ core, raw: withSpill(plain, spill), memberAt: memberFrom(2 * count) }),
      ),
    ]);
    return [...whole, ...bare];
  } finally {
    spill.close();
    plain.close();
    ops.close();
  }
}
