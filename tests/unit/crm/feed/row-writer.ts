import type { Database, Sql } from '../../../../crm/database.ts';
import { lockHead, saveHead } from '../../../../crm/repos/feed-head.ts';
import { newId } from '../../../../sync/base/ids.ts';
import type { AccountRow, CardRow } from '../../../../sync/model/card.ts';
import type { MemberRow } from '../../../../sync/model/member.ts';
import { account, card, member } from '../../db/samples.ts';

const MINUTE_MS = 60_000;

interface Written {
  members: MemberRow[];
  cards: CardRow[];
  accounts: AccountRow[];
}

async function put(tx: Sql, { members, cards, accounts }: Written): Promise<void> {
  await tx.query(
    `insert into members (member_id, seq, state, "row", clocks)
     select (r ->> 'memberId')::uuid, (r ->> 'seq')::bigint, r ->> 'state', r, '{}'
     from jsonb_array_elements($1::jsonb) r
     on conflict (member_id) do update set seq = excluded.seq, state = excluded.state, "row" = excluded."row"`,
    [JSON.stringify(members)],
  );
  await tx.query(
    `insert into cards (card_id, seq, card_number, account_id, "row")
     select (r ->> 'cardId')::uuid, (r ->> 'seq')::bigint, r ->> 'cardNumber', (r ->> 'accountId')::uuid, r
     from jsonb_array_elements($1::jsonb) r
     on conflict (card_id) do update set seq = excluded.seq, "row" = excluded."row"`,
    [JSON.stringify(cards)],
  );
  await tx.query(
    `insert into accounts (account_id, seq, account_no, member_id, card_type_id, balance, entry_count,
       last_entry_at_ms, purchase_count, spent_minor)
     select (r ->> 'accountId')::uuid, (r ->> 'seq')::bigint, (r ->> 'accountNo')::bigint,
       (r ->> 'memberId')::uuid, r ->> 'cardTypeId', (r ->> 'balance')::bigint, (r ->> 'entryCount')::bigint,
       (r ->> 'lastEntryAtMs')::bigint,
       (r ->> 'purchaseCount')::bigint, (r ->> 'spentMinor')::bigint
     from jsonb_array_elements($1::jsonb) r
     on conflict (account_id) do update set seq = excluded.seq, balance = excluded.balance,
       entry_count = excluded.entry_count, last_entry_at_ms = excluded.last_entry_at_ms,
       purchase_count = excluded.purchase_count, spent_minor = excluded.spent_minor`,
    [JSON.stringify(accounts)],
  );
}

/** Members 1 … n with a card and an account each, written under the head's lock as the group writer does. */
export async function writeMembers(
  database: Database,
  range: { first: number; count: number },
): Promise<void> {
  await database.transaction(async (tx) => {
    const head = await lockHead(tx);
    const written: Written = { members: [], cards: [], accounts: [] };
    for (let n = range.first; n < range.first + range.count; n += 1) {
      head.seq += 1;
      const seq = head.seq;
      const accountNo = head.nextAccountNo;
      head.nextAccountNo += 1;
      written.members.push(member(n, { seq }));
      written.cards.push(card(n, { seq }));
      written.accounts.push(account(n, { seq, accountNo, lastEntryAtMs: n * MINUTE_MS }));
    }
    await put(tx, written);
    await saveHead(tx, head);
  });
}

/** One number for each account that moves. */
export async function moveBalances(
  database: Database,
  numbers: readonly number[],
  balance: number,
): Promise<void> {
  await database.transaction(async (tx) => {
    const head = await lockHead(tx);
    for (const n of numbers) {
      head.seq += 1;
      const { rows } = await tx.query(
        'select account_no as "accountNo" from accounts where account_id = $1',
        [account(n).accountId],
      );
      const [{ accountNo }] = rows as [{ accountNo: number }];
      await put(tx, {
        ...{ members: [], cards: [] },
        accounts: [account(n, { seq: head.seq, accountNo, balance, lastEntryAtMs: n * MINUTE_MS })],
      });
      // What moves a balance is an entry, here another store's.
      await tx.query(
        `insert into entries (op_id, seq, account_id, store_id, delta, "row") values ($1, $2, $3, 'far', 0, '{}')`,
        [newId(), head.seq, account(n).accountId],
      );
    }
    await saveHead(tx, head);
  });
}

export async function changeMember(
  database: Database,
  n: number,
  changes: Partial<MemberRow>,
): Promise<void> {
  await database.transaction(async (tx) => {
    const head = await lockHead(tx);
    head.seq += 1;
    await put(tx, { members: [member(n, { seq: head.seq, ...changes })], cards: [], accounts: [] });
    await saveHead(tx, head);
  });
}

export const renameMember = (database: Database, n: number, lastName: string): Promise<void> =>
  changeMember(database, n, { lastName });
