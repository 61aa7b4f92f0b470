import { nextHlc } from '../../sync/base/clock.ts';
import type { OpId, StaffId, TillId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import type { StaffRole } from '../../sync/model/chain.ts';
import { CHAIN_START, OP_VERSION, saltFor, type OpBody, type WireOp } from '../../sync/model/op.ts';
import type { Crypto } from '../../sync/base/crypto.ts';
import type { Centre } from '../centre.ts';
import { CENTRE_TILL } from '../decide.ts';
import { prepareOp, type PreparedOp } from '../prepared-push.ts';
import { saveDocuments } from '../repos/documents.ts';
import { lockHead, readHead, saveHead } from '../repos/feed-head.ts';
import { insertTill } from '../repos/tills.ts';
import { DEMO_CHAIN, DEMO_PEOPLE, DEMO_STORES, demoDocuments } from './chain.ts';
import { planHistory, type DemoAct } from './history.ts';
import { createCalendar, DEMO_CARD_KEY, planMembers, type DemoCalendar } from './plan.ts';
import { createRandom, type SeededRandom } from './random.ts';

const SEED = 20_261_122;
const MEMBER_COUNT = 5_000;
const OPS_PER_PUSH = 2_500;
const NODE = CENTRE_TILL as TillId;

/** Empties what an interrupted demo left behind. Only ever called while there is no chain, hence no till. */
async function startAfresh(centre: Centre): Promise<void> {
  const documents = await demoDocuments(centre.scrypt);
  await centre.database.transaction(async (tx) => {
    const head = await lockHead(tx);
    await tx.query(
      'truncate documents, tills, till_incarnations, stray_ops, card_blocks, enrol_codes, ops, members, ' +
        'cards, accounts, entries, flags, op_waits, consents, till_views, inbox, erasures, erasure_receipts ' +
        'cascade',
    );
    await saveHead(tx, {
      ...head,
      seq: 0,
      nextAccountNo: 1,
      nextCardSerial: 0,
      nextBlockId: 1,
      cardKey: DEMO_CARD_KEY,
    });
    const till = {
      tillId: NODE,
      name: 'Centre',
      storeId: 'store-1',
      incarnation: 1,
      hiTseq: 0,
      headHash: CHAIN_START,
      state: 'live' as const,
      lastBlockId: 0,
      signKey: '',
      fence: '',
      opSchema: '',
      createdAtMs: centre.clock.nowMs(),
      lastContactAtMs: 0,
    };
    // No token has this hash: nobody can speak for the centre over the network.
    await insertTill(tx, till, 'none');
    await saveDocuments(tx, documents);
  });
}

/** Whoever works in the store in that role; a manager or supervisor of the chain where the store has none. */
function actorOf(random: SeededRandom, role: StaffRole, storeId: string): StaffId {
  const fitting = DEMO_PEOPLE.filter((person) => person.role === role);
  const local = fitting.filter((person) => person.storeId === storeId);
  return random.pick(local.length > 0 ? local : fitting).id as StaffId;
}

/** Ops of the history, in one chain of the centre's own node. */
function* opsOf(
  acts: readonly DemoAct[],
  { random, calendar, crypto }: { random: SeededRandom; calendar: DemoCalendar; crypto: Crypto },
): Generator<PreparedOp[]> {
  let tseq = 0;
  let prev = CHAIN_START;
  let hlc: string | null = null;
  let made: PreparedOp[] = [];
  const emitAt = (act: DemoAct, body: OpBody, role: StaffRole): OpId => {
    const { storeId } = must(DEMO_STORES[act.storeIndex], 'a store of the demo');
    tseq += 1;
    hlc = nextHlc(hlc, act.atMs);
    const op: WireOp = {
      version: OP_VERSION,
      opId: random.uuid(act.atMs) as OpId,
      tillId: NODE,
      incarnation: 1,
      tseq,
      hlc,
      wallMs: act.atMs,
      actorId: actorOf(random, role, storeId),
      storeId,
      businessDay: calendar.dayOf(act.atMs),
      kind: body.kind,
      salt: saltFor(body.kind, crypto),
      prev,
      body,
    };
    const prepared = prepareOp(op, crypto);
    prev = prepared.hash;
    made.push(prepared);
    return op.opId;
  };
  for (const act of acts) {
    act.run((body, role = 'cashier') => emitAt(act, body, role));
    if (made.length < OPS_PER_PUSH) continue;
    yield made;
    made = [];
  }
  yield made;
}

/** Pushes the history as a till would, and says how many ops it took. */
async function pushHistory(centre: Centre, batches: Iterable<PreparedOp[]>): Promise<number> {
  let opCount = 0;
  let ackedHash = CHAIN_START;
  let written: Promise<unknown> = Promise.resolve();
  for (const ops of batches) {
    // The next batch was made while the last one was being written.
    await written;
    written = centre.writer.push({
      tillId: NODE,
      incarnation: 1,
      epoch: '',
      ackedTseq: opCount,
      ackedHash,
      cursor: 0,
      lastTseq: opCount + ops.length,
      fence: '',
      newFence: '',
      ops,
    });
    opCount += ops.length;
    ackedHash = ops.at(-1)?.hash ?? ackedHash;
  }
  await written;
  return opCount;
}

/**
 * Fills an empty centre with the demo chain: the same members, cards and history for the same day.
 * Everything goes through the writer as ops, so the demo obeys every rule that a shop does. The chain's
 * document comes last: a demo that was interrupted starts afresh.
 */
export async function seedDemo(centre: Centre, { memberCount = MEMBER_COUNT } = {}): Promise<void> {
  const startedAt = performance.now();
  const random = createRandom(SEED);
  const calendar = createCalendar(centre.clock.nowMs());
  const { members, cardCount } = planMembers(random, calendar, { crypto: centre.crypto, memberCount });
  const acts = planHistory(random, calendar, members);
  await startAfresh(centre);
  const opCount = await pushHistory(centre, opsOf(acts, { random, calendar, crypto: centre.crypto }));
  await centre.database.transaction(async (tx) => {
    await saveDocuments(tx, [{ kind: 'chain', id: 'chain', body: DEMO_CHAIN }]);
    await saveHead(tx, { ...(await readHead(tx)), nextCardSerial: cardCount });
  });
  const ms = Math.round(performance.now() - startedAt);
  centre.log.info({ members: members.length, cards: cardCount, ops: opCount, ms }, 'demo chain made');
}
