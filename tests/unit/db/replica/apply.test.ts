import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openFile } from '../../../../db/open.ts';
import { openReplica } from '../../../../db/replica/open.ts';
import { closing, KEY, tempFolder } from '../files.ts';
import * as sample from '../samples.ts';

const AT = { epoch: 'e1', cursor: 10, isSettled: true };
const newReplica = () => closing(openReplica({ path: join(tempFolder(), 'replica.db'), keyHex: KEY }));

describe('rows', () => {
  test('read back as the centre sent them, by every way there is', () => {
    const replica = newReplica();
    const member = sample.member(1, { isCreditAllowed: true, dateOfBirth: '1990-02-28', notes: '茶' });
    const [card, account] = [sample.card(1), sample.account(1, { balance: -2, accountNo: 7 })];
    const entry = sample.entry(2, { memberId: sample.memberId(1), correctsOpId: sample.opId(1) });
    const document = sample.storeDocument(1, 'Orchard');
    replica.apply(
      { members: [member], cards: [card], accounts: [account], entries: [entry], documents: [document] },
      AT,
    );
    expect(replica.member(member.memberId)).toEqual(member);
    expect([replica.card(card.cardId), replica.cardByNumber(card.cardNumber)]).toEqual([card, card]);
    expect([replica.cardsOf(member.memberId), replica.accountsOf(member.memberId)]).toEqual([
      [card],
      [account],
    ]);
    expect(replica.account(account.accountId)).toEqual(account);
    expect([replica.entry(entry.opId), replica.correctionOf(sample.opId(1))]).toEqual([entry, entry]);
    expect(replica.entriesOf(member.memberId, 5)).toEqual([entry]);
    expect(replica.documents()).toEqual([document]);
    expect(replica.counts()).toEqual({ members: 1, cards: 1, accounts: 1, entries: 1 });
    expect([replica.member(sample.memberId(2)), replica.cardByNumber(sample.cardNumber(2))]).toEqual([
      undefined,
      undefined,
    ]);
    expect(replica.check()).toEqual([]);
  });

  test('may come in any order: a card is kept before its member, account and predecessor', () => {
    const replica = newReplica();
    const card = sample.card(1, { replacesCardId: sample.cardId(9) });
    replica.apply(sample.rows({ cards: [card], entries: [sample.entry(1)] }), AT);
    replica.apply(sample.rows({ members: [sample.member(1)], accounts: [sample.account(1)] }), AT);
    expect(replica.cardsOf(sample.memberId(1))).toEqual([card]);
    expect(replica.check()).toEqual([]);
  });

  test('of a lower seq are passed over, of the same or a higher one they replace', () => {
    const replica = newReplica();
    const at = (seq: number, name: string) =>
      sample.rows({
        members: [sample.member(1, { seq, lastName: name })],
        cards: [sample.card(1, { seq, statusReason: name })],
        accounts: [sample.account(1, { seq, balance: seq })],
        documents: [sample.storeDocument(seq, name)],
      });
    const names = () => [
      replica.member(sample.memberId(1))?.lastName,
      replica.card(sample.cardId(1))?.statusReason,
      replica.account(sample.accountId(1))?.balance,
      replica.documents().map(({ seq }) => seq),
    ];
    replica.apply(at(5, 'Five'), AT);
    replica.apply(at(4, 'Four'), AT);
    expect(names()).toEqual(['Five', 'Five', 5, [5]]);
    replica.apply(at(6, 'Six'), AT);
    replica.apply(at(6, 'Six'), AT);
    expect(names()).toEqual(['Six', 'Six', 6, [6]]);
    expect(replica.counts()).toEqual({ members: 1, cards: 1, accounts: 1, entries: 0 });
    expect(replica.search({ key: 'nfive', isPrefix: true }, 5)).toEqual([]);
    expect(replica.search({ key: 'nsix', isPrefix: true }, 5)).toEqual([sample.memberId(1)]);
  });
});

describe('a page of rows', () => {
  test('changes nothing when it comes again', () => {
    const replica = newReplica();
    const rows = sample.shopRows(20);
    const seen = () => {
      const all: object[] = [];
      const add = (row: object) => void all.push(row);
      replica.eachRow({ member: add, card: add, account: add });
      return all;
    };
    replica.apply(rows, AT);
    const before = seen();
    replica.apply(rows, AT);
    expect(seen()).toEqual(before);
    expect(before).toEqual([...rows.members, ...rows.cards, ...rows.accounts]);
    expect(replica.counts()).toEqual({ members: 20, cards: 20, accounts: 20, entries: 20 });
  });

  test('with a row that breaks a rule of the schema is taken back as a whole, cursor included', () => {
    const replica = newReplica();
    const bad = sample.card(2, { cardNumber: '12' });
    const page = sample.rows({ members: [sample.member(1)], cards: [sample.card(1), bad] });
    expect(() => replica.apply(page, AT)).toThrow('CHECK');
    const huge = sample.rows({ accounts: [sample.account(1, { balance: 2 ** 53 })] });
    expect(() => replica.apply(huge, AT)).toThrow('CHECK');
    expect(replica.meta()).toEqual({ epoch: '', cursor: 0, settled: 0 });
    expect(replica.counts()).toEqual({ members: 0, cards: 0, accounts: 0, entries: 0 });
    replica.apply(sample.rows({ members: [sample.member(3)] }), AT);
    expect(replica.search({ key: 'nwei', isPrefix: true }, 5)).toEqual([sample.memberId(3)]);
    expect(replica.check()).toEqual([]);
  });
});

describe('entries of a member', () => {
  test('are listed newest first, by the wall clock, then by number', () => {
    const replica = newReplica();
    const one = { memberId: sample.memberId(1) };
    const entries = [
      sample.entry(1, { ...one, wallMs: 5 }),
      sample.entry(2, { ...one, wallMs: 9 }),
      sample.entry(3, { ...one, wallMs: 5 }),
      sample.entry(4, { wallMs: 99 }),
    ];
    replica.apply(sample.rows({ entries }), AT);
    expect(replica.entriesOf(sample.memberId(1), 9).map(({ seq }) => seq)).toEqual([2, 3, 1]);
    expect(replica.entriesOf(sample.memberId(1), 1).map(({ seq }) => seq)).toEqual([2]);
  });
});

describe('the cursor', () => {
  test('is kept with the rows, settles with the last page, and never goes back', () => {
    const path = join(tempFolder(), 'replica.db');
    const replica = openReplica({ path, keyHex: KEY });
    expect(replica.meta()).toEqual({ epoch: '', cursor: 0, settled: 0 });
    replica.apply(sample.rows({}), { epoch: 'e1', cursor: 10, isSettled: true });
    replica.apply(sample.rows({}), { epoch: 'e1', cursor: 20, isSettled: false });
    replica.apply(sample.rows({}), { epoch: 'e1', cursor: 15, isSettled: false });
    expect(replica.meta()).toEqual({ epoch: 'e1', cursor: 20, settled: 10 });
    replica.apply(sample.rows({}), { epoch: 'e1', cursor: 20, isSettled: true });
    replica.close();
    const again = closing(openReplica({ path, keyHex: KEY }));
    expect(again.meta()).toEqual({ epoch: 'e1', cursor: 20, settled: 20 });
  });

  test('of another epoch is refused until the copy was cleared', () => {
    const replica = newReplica();
    replica.apply(sample.shopRows(3), AT);
    expect(() => replica.apply(sample.rows({}), { ...AT, epoch: 'e2' })).toThrow('clear first');
    replica.clear();
    expect(replica.meta()).toEqual({ epoch: '', cursor: 0, settled: 0 });
    expect([replica.counts().members, replica.documents(), replica.member(sample.memberId(1))]).toEqual([
      0,
      [],
      undefined,
    ]);
    expect(replica.search({ key: 'n', isPrefix: true }, 5)).toEqual([]);
    replica.apply(sample.shopRows(2), { ...AT, epoch: 'e2' });
    expect(replica.counts().members).toBe(2);
    expect(replica.check()).toEqual([]);
  });
});

test('the check counts again what is counted beside the rows', () => {
  const path = join(tempFolder(), 'replica.db');
  const replica = closing(openReplica({ path, keyHex: KEY }));
  replica.apply(sample.shopRows(3), AT);
  const raw = closing(openFile({ path, keyHex: KEY, file: 'replica' }));
  raw.exec('DELETE FROM cards WHERE seq = 2');
  expect(replica.check()).toEqual(['meta: count of cards is off']);
});
