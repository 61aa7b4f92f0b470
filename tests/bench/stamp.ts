import { join } from 'node:path';
import { migrate } from '../../db/migrate.ts';
import { openFile } from '../../db/open.ts';
import { tillMigrations } from '../../db/till/open.ts';
import { newId, type OpId } from '../../sync/base/ids.ts';
import { CHAIN_START } from '../../sync/model/op.ts';
import { STORE_ID, TILL_ID } from '../parts/shop.ts';
import { KEY_HEX } from '../parts/till.ts';
import { type Figure, ratioFigure } from './figure.ts';
import { cardIdOf, hasStampCard, memberIdOf } from './members.ts';
import { timePairs } from './pairs.ts';
import { shuffled } from './random.ts';
import { openServedCore } from './served-core.ts';

const TASKS = { rounds: 5, perRound: 400, warmUp: 1_000 };
const RATIO_MAX = 1.5;

const toHash = (number: number): string =>
  number === 0 ? CHAIN_START : number.toString(16).padStart(32, '0');

/**
 * The limit: the same row into the same table by a statement written by hand, in a file of its own with the
 * same settings; durable when it returns. What it holds was made beforehand.
 */
function openRawOps(path: string) {
  const raw = openFile({ path, keyHex: KEY_HEX, file: 'till' });
  migrate(raw, { path, migrations: tillMigrations, hasBackup: false });
  const insert = raw.prepare(
    `INSERT INTO ops (tseq, op_id, version, till_id, incarnation, hlc, wall_ms, actor_id, store_id, business_day, kind,
       salt, prev, hash, body, member_id, corrects_op_id, units, ack_seq, held_reason)
     VALUES (?, ?, 1, '${TILL_ID}', 1, ?, 1790000000000, 'staff-cashier', '${STORE_ID}', '2026-09-21', 'stamp.added',
       '', ?, ?, ?, ?, NULL, 1, NULL, NULL)`,
  );
  let tseq = 0;
  return {
    /** @returns an act that saves a stamp of member `at` */
    toSave: (at: number): (() => void) => {
      tseq += 1;
      const [memberId, cardId] = [memberIdOf(at), cardIdOf(at)];
      const onCard = { memberId, cardId, accountId: cardId, cardTypeVersion: 1 };
      const body = JSON.stringify({
        kind: 'stamp.added',
        count: 1,
        amountMinor: null,
        receiptNo: '',
        ...onCard,
      });
      const hlc = tseq.toString(16).padStart(16, '0');
      const values = [tseq, newId(), hlc, toHash(tseq - 1), toHash(tseq), body, memberId];
      return () => void insert.run(...values);
    },
    close: () => void raw.close(),
  };
}

/** Members who hold a stamp card, in no order. */
function stampMembers(members: number, count: number): number[] {
  const found: number[] = [];
  for (let at = 0; at < members && found.length < count; at += 1) {
    const whom = shuffled(at, members);
    if (hasStampCard(whom)) found.push(whom);
  }
  return found;
}

/** A stamp. As at the counter, the member is on the screen when the button is pressed. */
export async function benchStamp(dir: string, members: number): Promise<Figure[]> {
  const core = await openServedCore(dir);
  const raw = openRawOps(join(dir, 'raw.db'));
  const whom = stampMembers(members, TASKS.warmUp + TASKS.rounds * TASKS.perRound);
  const memberAt = (task: number): number => whom[task % whom.length] ?? 0;
  let save: () => void = () => undefined;
  let stamp: () => string = () => '';
  try {
    const rounds = timePairs(
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
    return [ratioFigure({ name: 'stamp, request to durable commit', of: 50 }, rounds, RATIO_MAX)];
  } finally {
    raw.close();
    await core.close();
  }
}
