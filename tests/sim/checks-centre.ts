import { CENTRE_TILL } from '../../crm/decide.ts';
import type { Crypto } from '../../sync/base/crypto.ts';
import { CHAIN_START, headerHash, opHash } from '../../sync/model/op.ts';
import type { CentreTables, KeptOp } from '../parts/memory-centre.ts';
import type { History } from './history.ts';
import { effectiveSeq, isDismissed, type Ledger } from './ledger.ts';
import { PEOPLE } from './shop.ts';
import { Violation } from './world.ts';

function fail(rule: string, what: string): never {
  throw new Violation(`${rule}: ${what}`);
}

const opsInOrder = (tables: CentreTables): KeptOp[] =>
  [...tables.ops.values()].sort((left, right) => left.seq - right.seq);

/** Set: the centre holds only what somebody asked for, each op in effect at most once, under the right number. */
export function checkSet(tables: CentreTables, history: History): void {
  const inEffect = new Set<string>();
  const presses = new Map<number, string>();
  for (const { op, held, seq } of tables.ops.values()) {
    // What a manager decided at the centre itself; the audit log says who and why.
    if (op.tillId === CENTRE_TILL) continue;
    if (!history.asked.has(op.opId)) fail('set', `op ${op.opId} at ${seq} was never asked for`);
    if (held === 'op_id_repeated') continue;
    if (inEffect.has(op.opId)) fail('set', `op ${op.opId} is at the centre twice`);
    inEffect.add(op.opId);
    const asked = history.asked.get(op.opId);
    if (asked?.fate === 'refused') fail('set', `op ${op.opId} was refused and is at the centre`);
    const press = asked?.intent.press ?? 0;
    if (presses.has(press)) fail('set', `one press was booked as ${presses.get(press)} and as ${op.opId}`);
    presses.set(press, op.opId);
  }
}

/** Chain: the ops of each till and incarnation are dense, and each names the one before. */
export function checkChains(tables: CentreTables, crypto: Crypto): void {
  const chains = new Map<string, KeptOp[]>();
  for (const kept of opsInOrder(tables).filter(({ branch }) => branch === 0)) {
    const name = `${kept.op.tillId} ${kept.op.incarnation}`;
    chains.set(name, [...(chains.get(name) ?? []), kept]);
  }
  for (const [name, ops] of chains) {
    let prev = CHAIN_START;
    ops.forEach(({ op, body, commitment, hash, seq }, at) => {
      if (op.tseq !== at + 1) fail('chain', `${name} has ${op.tseq} at place ${at + 1} of its ops`);
      const made = body === null ? headerHash(op, commitment ?? '', crypto) : opHash({ ...op, body }, crypto);
      if (op.prev !== prev || made !== hash) fail('chain', `${name} breaks at ${op.tseq} (${seq})`);
      prev = hash;
    });
  }
}

/** Bank: every balance is the sum of its entries, and of what the ops say. */
export function checkBank(tables: CentreTables, ledger: Ledger): void {
  const sums = new Map<string, { units: number; count: number }>();
  for (const { accountId, delta } of tables.entries.values()) {
    const sum = sums.get(accountId) ?? { units: 0, count: 0 };
    sums.set(accountId, { units: sum.units + delta, count: sum.count + 1 });
  }
  for (const account of tables.accounts.values()) {
    const { units, count } = sums.get(account.accountId) ?? { units: 0, count: 0 };
    const oracle = ledger.balanceAt(account.accountId, Infinity);
    if (account.balance !== units || account.balance !== oracle || account.entryCount !== count) {
      const said = `${account.balance} (${account.entryCount})`;
      fail(
        'bank',
        `account ${account.accountId} says ${said}, its entries ${units} (${count}), its ops ${oracle}`,
      );
    }
  }
  for (const accountId of sums.keys())
    if (!tables.accounts.has(accountId))
      fail('bank', `entries of an account that is not there, ${accountId}`);
}

const RANKS = ['active', 'locked', 'blocked', 'anonymised'];
const ROLES = ['cashier', 'supervisor', 'manager'];

/** Ops with an effect, in the order in which they had it. */
const inEffect = (tables: CentreTables): KeptOp[] =>
  [...tables.ops.values()]
    .filter((kept) => effectiveSeq(kept) !== null && !isDismissed(tables, kept))
    .sort((left, right) => (effectiveSeq(left) ?? 0) - (effectiveSeq(right) ?? 0));

interface StateOp {
  memberId: string;
  state: string;
  epoch: number;
}

/** Lattice: a member's state is what the ops in effect say, and only a manager lifted or set a block. */
export function checkLattice(tables: CentreTables): void {
  const states = new Map<string, { state: string; epoch: number }>();
  for (const { op, body, seq, settled } of inEffect(tables)) {
    // Emptied with its member, who is checked below.
    if (body === null) continue;
    if (op.kind === 'member.created') {
      const { memberId } = body as unknown as StateOp;
      if (!states.has(memberId)) states.set(memberId, { state: 'active', epoch: 0 });
    }
    if (op.kind !== 'member.state') continue;
    const { memberId, state, epoch } = body as unknown as StateOp;
    const before = states.get(memberId);
    if (before === undefined) continue;
    const rises =
      epoch === before.epoch ? RANKS.indexOf(state) > RANKS.indexOf(before.state) : epoch > before.epoch;
    if (!rises || before.state === 'anonymised') continue;
    // Where a manager let it in, it is on her word.
    const actorId = settled?.by ?? op.actorId;
    const role = PEOPLE.find(({ staffId }) => staffId === actorId)?.role ?? 'cashier';
    const needed =
      before.state === 'blocked' || state === 'blocked'
        ? 'manager'
        : state === 'active'
          ? 'supervisor'
          : 'cashier';
    if (ROLES.indexOf(role) < ROLES.indexOf(needed))
      fail('lattice', `a ${role} took ${memberId} from ${before.state} to ${state} at ${seq}`);
    states.set(memberId, { state, epoch });
  }
  for (const { row } of tables.members.values()) {
    const expected = tables.erasures.has(row.memberId) ? 'anonymised' : states.get(row.memberId)?.state;
    if (row.state !== expected) fail('lattice', `member ${row.memberId} is ${row.state}, not ${expected}`);
  }
}

/** Cards: no two share a number, and each hangs on an account of its own member. */
export function checkCards(tables: CentreTables): void {
  const holders = new Map<string, string>();
  for (const card of tables.cards.values()) {
    const other = holders.get(card.cardNumber);
    if (other !== undefined) fail('cards', `number of ${card.cardId} and ${other}`);
    holders.set(card.cardNumber, card.cardId);
    if (tables.accounts.get(card.accountId)?.memberId !== card.memberId)
      fail('cards', `${card.cardId} and its account belong to two members`);
  }
}

/** Feed: numbers in use are dense, and no row is ahead of the head. */
export function checkFeed(tables: CentreTables): void {
  const head = tables.head.get('head')?.seq ?? 0;
  const released = new Set([...tables.ops.values()].map(({ settled }) => settled?.releasedSeq));
  const isOfOp = (seq: number): boolean => tables.ops.has(String(seq)) || released.has(seq);
  const own = [...tables.documents.values()].map(({ seq }) => seq).filter((seq) => !isOfOp(seq));
  const documents = Math.max(0, ...own);
  for (let seq = documents + 1; seq <= head; seq += 1)
    if (!tables.ops.has(String(seq)) && !released.has(seq)) fail('feed', `no op has the number ${seq}`);
  if (tables.ops.has(String(head + 1))) fail('feed', `an op is beyond the head ${head}`);
}
