import { describe, expect, test } from 'vitest';
import type { ReplicaDb } from '../../db/replica/types.ts';
import { must } from '../../sync/base/must.ts';
import { searchKeys } from '../../sync/base/search-key.ts';
import { blankMember } from '../../sync/model/member.ts';
import { createStateHash } from '../../sync/merge/state-hash.ts';
import { Tier, type ChainDocument } from '../../sync/model/chain.ts';
import { testCrypto } from '../parts/node-crypto.ts';
import * as sample from '../unit/db/samples.ts';

export interface ReplicaFile {
  replica: ReplicaDb;
  /** The same file after a loss of power. */
  reopen(): ReplicaFile;
}

const AT = { epoch: 'e1', cursor: 10, isSettled: true };
const seek = (key: string, isPrefix = false) => ({ key, isPrefix });

function hashOf(replica: ReplicaDb): string {
  const hash = createStateHash(testCrypto);
  replica.eachRow({ member: hash.addMember, card: hash.addCard, account: hash.addAccount });
  return hash.value();
}

/** What every `ReplicaDb` does, whatever it lies on. */
export function replicaDbContract(name: string, open: () => ReplicaFile): void {
  describe(`a copy of the centre's rows, ${name}`, () => {
    reads(open);
    erased(open);
    writes(open);
    metaAndPower(open);
  });
}

function reads(open: () => ReplicaFile): void {
  test('rows read back as the centre sent them, by every way there is', () => {
    const { replica } = open();
    const member = sample.member(1, { isCreditAllowed: true, dateOfBirth: '1990-02-28', notes: '茶' });
    const cards = [sample.card(2, { memberId: member.memberId, issuedAtMs: 5 }), sample.card(1)];
    const account = sample.account(1, { balance: -2, accountNo: 7 });
    const first = sample.entry(2, { memberId: member.memberId });
    const later = sample.entry(3, { memberId: member.memberId, correctsOpId: first.opId, delta: -1 });
    const document = sample.storeDocument(1, 'Orchard');
    const part = { members: [member], cards, accounts: [account], entries: [first, later] };
    replica.apply(sample.rows({ ...part, documents: [document] }), AT);
    const { memberId } = member;
    expect(replica.member(memberId)).toEqual(member);
    expect(replica.cardsOf(memberId)).toEqual(cards);
    expect([replica.card(sample.cardId(1)), replica.cardByNumber(sample.cardNumber(2))]).toEqual([
      cards[1],
      cards[0],
    ]);
    const ids = [cards[0], cards[1], cards[0]].map((card) => must(card, 'there are two').cardId);
    const held = replica.holders([...ids, sample.cardId(9)]);
    expect(held.toSorted((one, other) => one.cardId.localeCompare(other.cardId))).toEqual(
      cards
        .map(({ cardId, accountId, ...card }) => ({ cardId, memberId: card.memberId, accountId }))
        .toSorted((one, other) => one.cardId.localeCompare(other.cardId)),
    );
    expect(replica.holders([])).toEqual([]);
    expect([replica.account(account.accountId), replica.accountsOf(memberId)]).toEqual([account, [account]]);
    expect(replica.entriesOf(memberId, 9)).toEqual([later, first]);
    expect(replica.entriesOf(memberId, 1)).toEqual([later]);
    expect([replica.entry(first.opId), replica.correctionOf(first.opId)]).toEqual([first, later]);
    expect(replica.documents()).toEqual([document]);
    expect(replica.counts()).toEqual({ members: 1, cards: 2, accounts: 1, entries: 2 });
    expect([replica.member(sample.memberId(2)), replica.correctionOf(later.opId)]).toEqual([
      undefined,
      undefined,
    ]);
    expect(replica.check()).toEqual([]);
  });

  test('a document of before its shape got more reads with the defaults, as the centre reads it', () => {
    const { replica } = open();
    const body = { tierId: 'gold', version: 1, name: 'Gold' };
    // Cast: what a program of before wrote.
    const former = { kind: 'tier', id: 'gold', seq: 1, body } as unknown as ChainDocument;
    replica.apply(sample.rows({ documents: [former] }), AT);
    expect(replica.documents()).toEqual([{ ...former, body: Tier.parse(body) }]);
    const next = { ...former, seq: 2, body: { ...body, version: 2 } } as unknown as ChainDocument;
    replica.apply(sample.rows({ documents: [next] }), AT);
    expect(replica.documents()).toEqual([{ ...next, body: Tier.parse(next.body) }]);
  });

  test('a search finds each member once, in the order of keys, and follows changes of a name', () => {
    const { replica } = open();
    replica.apply(sample.shopRows(3), AT);
    expect(replica.search(seek('ltan wei 2'), 5)).toEqual([]);
    expect(replica.search(seek('ntan wei', true), 2)).toEqual([sample.memberId(1), sample.memberId(2)]);
    expect(replica.search(seek('llk3'), 5)).toEqual([sample.memberId(3)]);
    replica.apply(sample.rows({ members: [sample.member(3, { seq: 9, lookupId: 'other' })] }), AT);
    expect(replica.search(seek('llk3'), 5)).toEqual([]);
    expect(replica.search(seek('lother'), 5)).toEqual([sample.memberId(3)]);
  });
}

function erased(open: () => ReplicaFile): void {
  test('whoever is erased is found by nothing that they were found by (I6)', () => {
    const { replica } = open();
    const row = sample.member(1, { seq: 3, email: 'tan@example.test' });
    replica.apply(sample.rows({ members: [row] }), AT);
    const keys = searchKeys(row).filter((key) => !key.startsWith('p'));
    const found = (): string[] => keys.filter((key) => replica.search(seek(key), 5).length > 0);
    expect(found()).toEqual(keys);
    replica.apply(sample.rows({ members: [{ ...blankMember(row), seq: 4 }] }), AT);
    const left = searchKeys(blankMember(row));
    expect(found().filter((key) => !left.includes(key))).toEqual([]);
  });

  test('up to which erasure the rows are free of anybody is kept with them, and ends with them', () => {
    const file = open();
    const row = sample.member(1, { seq: 3 });
    file.replica.apply(sample.rows({ members: [row] }), AT);
    expect(file.replica.purged()).toBe(0);
    file.replica.apply(sample.rows({ members: [blankMember(row)] }), { ...AT, purged: 4 });
    file.replica.apply(sample.rows({ members: [sample.member(2, { seq: 12 })] }), { ...AT, cursor: 12 });
    const { replica } = file.reopen();
    expect([replica.purged(), replica.member(row.memberId)?.state]).toEqual([4, 'anonymised']);
    replica.clear();
    expect(replica.purged()).toBe(0);
  });

  test('whoever is erased stays so when rows of before the erasure come after it (I6)', () => {
    const { replica } = open();
    const row = sample.member(1, { seq: 3, email: 'tan@example.test' });
    replica.apply(sample.rows({ members: [row] }), AT);
    replica.apply(sample.rows({ members: [blankMember(row)] }), AT);
    const late = { ...row, seq: 5, email: 'later@example.test' };
    replica.apply(sample.rows({ members: [late] }), AT);
    expect(replica.member(row.memberId)).toEqual(blankMember(late));
    expect(replica.search(seek('elater@example.test'), 5)).toEqual([]);
    replica.apply(sample.rows({ members: [late] }), { ...AT, isMending: true });
    expect(replica.member(row.memberId)).toEqual(blankMember(late));
    expect(replica.check()).toEqual([]);
  });
}

function writes(open: () => ReplicaFile): void {
  test('rows of a lower seq are passed over, of the same or a higher one they replace', () => {
    const { replica } = open();
    const at = (seq: number) =>
      sample.rows({
        members: [sample.member(1, { seq, notes: `${seq}` })],
        cards: [sample.card(1, { seq, statusReason: `${seq}` })],
        accounts: [sample.account(1, { seq, balance: seq })],
        entries: [sample.entry(1, { seq })],
        documents: [sample.storeDocument(seq, `${seq}`)],
      });
    for (const seq of [5, 4, 6, 6]) replica.apply(at(seq), AT);
    expect(replica.member(sample.memberId(1))?.notes).toBe('6');
    expect(replica.card(sample.cardId(1))?.statusReason).toBe('6');
    expect(replica.account(sample.accountId(1))?.balance).toBe(6);
    expect(replica.documents().map(({ seq }) => seq)).toEqual([6]);
    expect(replica.counts()).toEqual({ members: 1, cards: 1, accounts: 1, entries: 1 });
  });

  test('the same page again changes nothing but the count of writes', () => {
    const { replica } = open();
    replica.apply(sample.shopRows(5), AT);
    const before = [hashOf(replica), replica.counts(), replica.writes()];
    replica.apply(sample.shopRows(5), AT);
    expect([hashOf(replica), replica.counts()]).toEqual(before.slice(0, 2));
    expect(replica.writes()).toBeGreaterThan(Number(before[2]));
  });
}

function metaAndPower(open: () => ReplicaFile): void {
  test('rows and cursor survive a loss of power together; the cursor never goes back', () => {
    const file = open();
    file.replica.apply(sample.shopRows(2), AT);
    expect(file.replica.mark()).toBe('');
    file.replica.apply(sample.rows({}), { epoch: 'e1', cursor: 30, isSettled: false, mark: 'u.1' });
    file.replica.apply(sample.rows({}), { epoch: 'e1', cursor: 20, isSettled: false });
    const { replica } = file.reopen();
    expect([replica.meta(), replica.mark()]).toEqual([{ epoch: 'e1', cursor: 30, settled: 10 }, 'u.1']);
    expect(replica.counts().members).toBe(2);
    replica.apply(sample.rows({}), { epoch: 'e1', cursor: 20, isSettled: true });
    expect(replica.meta()).toEqual({ epoch: 'e1', cursor: 30, settled: 30 });
  });

  test('rows of another epoch are refused until the copy is cleared', () => {
    const { replica } = open();
    replica.apply(sample.shopRows(2), { ...AT, mark: 'u.1' });
    expect(() => replica.apply(sample.shopRows(1), { ...AT, epoch: 'e2' })).toThrow('another epoch');
    replica.clear();
    expect([replica.meta(), replica.counts().members]).toEqual([{ epoch: '', cursor: 0, settled: 0 }, 0]);
    expect(replica.mark()).toBe('');
    expect(replica.search(seek('n', true), 5)).toEqual([]);
    replica.apply(sample.shopRows(1), { ...AT, epoch: 'e2' });
    expect([replica.meta().epoch, replica.counts().members]).toEqual(['e2', 1]);
  });
}
