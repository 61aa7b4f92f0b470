import { expect, test } from 'vitest';
import type { ChangedRows, RowKeys } from '../../crm/repos/rows.ts';
import type { CentreStore } from '../../crm/store.ts';
import type { StaffId } from '../../sync/base/ids.ts';
import { Staff, type ChainDocument } from '../../sync/model/chain.ts';
import * as sample from '../unit/db/samples.ts';

export const NO_KEYS: RowKeys = {
  documents: [],
  ...{
    members: [],
    cards: [],
    cardNumbers: [],
    accounts: [],
    entries: [],
    mobiles: [],
    lookups: [],
    sets: [],
    barredAmong: [],
    oddAmong: [],
  },
};
export const NO_ROWS: ChangedRows = {
  ...{ members: [], cards: [], accounts: [], newAccounts: new Set(), entries: [] },
  ...{ consents: [], documents: [] },
};

/** What only moves has to be there. */
export function rowsThatMove(inUnit: <T>(work: (store: CentreStore) => Promise<T>) => Promise<T>): void {
  test('an account that moves and is not there is no balance without a word: nothing is saved (I3)', async () => {
    const [known, gone] = [sample.account(72, { accountNo: 702 }), sample.account(73, { accountNo: 703 })];
    await inUnit((store) =>
      store.saveRows({ ...NO_ROWS, accounts: [known], newAccounts: new Set([known.accountId]) }),
    );
    const moved = [known, gone].map((row) => ({ ...row, balance: 9, seq: row.seq + 1 }));
    const saving = inUnit((store) => store.saveRows({ ...NO_ROWS, accounts: moved }));
    await expect(saving).rejects.toThrow('an account that is moved is not there');
    const { accounts } = await inUnit((store) =>
      store.loadRows({ ...NO_KEYS, accounts: [known.accountId, gone.accountId] }),
    );
    expect(accounts).toEqual([known]);
  });
}

/** Who holds what names one living member, and documents: the same of every store. */
export function rowsOfTheLiving(inUnit: <T>(work: (store: CentreStore) => Promise<T>) => Promise<T>): void {
  test('who was removed holds no number, and is read where she is used', async () => {
    const gone = sample.member(51, { mobile: '+6591110051', lookupId: 'LK51', extras: '{"removed":true}' });
    const records = [{ row: gone, clocks: {} }];
    const passing = inUnit(async (store) => {
      await store.saveRows({ ...NO_ROWS, members: records });
      const named = { mobiles: ['+6591110051'], lookups: ['lk51'] };
      const loaded = await store.loadRows({ ...NO_KEYS, ...named, barredAmong: [gone.memberId] });
      expect(loaded).toMatchObject({ members: records, mobiles: [], lookups: [] });
      const back = [{ row: { ...gone, extras: '' }, clocks: {} }];
      await store.saveRows({ ...NO_ROWS, members: back });
      const again = await store.loadRows({ ...NO_KEYS, ...named, barredAmong: [gone.memberId] });
      expect(again).toMatchObject({ members: [], mobiles: [{ memberId: gone.memberId }] });
      throw new Error('all as it should be');
    });
    await expect(passing).rejects.toThrow('all as it should be');
  });

  test('a document is kept whole, the newest version of it, and found by kind and id', async () => {
    const document = (version: number): ChainDocument => ({
      kind: 'group',
      id: 'staff',
      seq: version,
      body: { groupId: 'staff', version, name: 'Staff', nameZh: '', isRetired: false },
    });
    const passing = inUnit(async (store) => {
      for (const version of [1, 2]) await store.saveRows({ ...NO_ROWS, documents: [document(version)] });
      const loaded = await store.loadRows({ ...NO_KEYS, documents: ['group staff', 'group other'] });
      expect(loaded.documents).toEqual([document(2)]);
      throw new Error('all as it should be');
    });
    await expect(passing).rejects.toThrow('all as it should be');
  });

  test('who saved the newest version of a person is known, at once or once it was released', async () => {
    const next = sample.opChain();
    const person = (staffId: string, seq: number): ChainDocument => ({
      ...{ kind: 'staff', id: staffId, seq },
      body: Staff.parse({ staffId, version: 1, login: staffId, name: staffId, role: 'manager', pinHash: '' }),
    });
    const passing = inUnit(async (store) => {
      const { seq } = await store.lockHead();
      const numbered = [seq + 1, seq + 2].map((at) => {
        const changed = { opId: sample.opId(at + 900), tseq: at + 900, actorId: `by-${at - seq}` as StaffId };
        const { op, hash } = next(sample.stamp(1), changed);
        const held = at === seq + 2 ? ('not_allowed' as const) : null;
        return { seq: at, op, hash, held, flags: [], waitsFor: [], isErased: false };
      });
      await store.insertOps(numbered, 1_000);
      await store.saveReleases([{ heldSeq: seq + 2, releasedSeq: seq + 3, by: 'boss', body: null }]);
      const documents = [person('ann', seq + 1), person('ben', seq + 3), person('cy', seq + 4)];
      await store.saveRows({ ...NO_ROWS, documents });
      expect(await store.listStaffAuthors(['ann', 'ben', 'cy', 'dee'])).toEqual([
        { staffId: 'ann', actorId: 'by-1' },
        { staffId: 'ben', actorId: 'by-2' },
      ]);
      throw new Error('all as it should be');
    });
    await expect(passing).rejects.toThrow('all as it should be');
  });
}

/** Everybody who is one person: the same of every store. */
export function rowsOfOnePerson(inUnit: <T>(work: (store: CentreStore) => Promise<T>) => Promise<T>): void {
  test('a person is every profile that was joined, with all that they hold', async () => {
    const into = sample.member(51);
    const from = sample.member(52, { mergedIntoId: into.memberId });
    const [account, card] = [sample.account(52, { accountNo: 52 }), sample.card(52)];
    const members = [into, from].map((row) => ({ row, clocks: {} }));
    const newAccounts = new Set([account.accountId]);
    const passing = inUnit(async (store) => {
      await store.saveRows({ ...NO_ROWS, members, cards: [card], accounts: [account], newAccounts });
      for (const { memberId } of [into, from]) {
        const person = await store.readPerson(memberId);
        expect(person).toMatchObject({ cards: [card], accounts: [account] });
        const ids = person.members.map((row) => row.memberId);
        expect(ids.sort()).toEqual([into.memberId, from.memberId].sort());
      }
      expect((await store.readPerson(sample.member(59).memberId)).accounts).toEqual([]);
      throw new Error('all as it should be');
    });
    await expect(passing).rejects.toThrow('all as it should be');
  });
}
