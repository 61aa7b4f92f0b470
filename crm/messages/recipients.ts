import type { MemberId } from '../../sync/base/ids.ts';
import type { Addressee } from '../../sync/merge/messages.ts';
import type { CardRow } from '../../sync/model/card.ts';
import type { Segment } from '../../sync/model/segment.ts';
import { compileSegment } from '../../sync/segments/compile.ts';
import {
  columnsOfOne,
  holdingsOf,
  isSegmented,
  personFacts,
  type Holdings,
} from '../../sync/segments/facts.ts';
import { drawBorders, NO_BORDERS, type RfmBorders } from '../../sync/segments/rfm.ts';
import type { Sql } from '../database.ts';
import { readPersonPage, type PersonPage } from '../repos/messages.ts';

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
export const PEOPLE_PER_PAGE = 2_000;

interface Whole extends Addressee {
  holdings: Holdings;
  cards: CardRow[];
}

/** Puts together what a page has of each person: cards of former selves hang on their own ids. */
function gather({ members, cards, accounts, withdrawn }: PersonPage): Whole[] {
  const accountsById = new Map(accounts.map((account) => [account.accountId, account]));
  const withdrawnIds = new Set(withdrawn);
  const cardsByMember = Map.groupBy(cards, ({ rootId }) => rootId);
  return members.map((row) => {
    const own = (cardsByMember.get(row.memberId) ?? []).map((card) => card.row);
    const held = new Set(own.map(({ accountId }) => accountId));
    const known = [...held].flatMap((id) => accountsById.get(id) ?? []);
    const hasMarketingConsent = row.hasMarketingConsent && !withdrawnIds.has(row.memberId);
    return { row, hasMarketingConsent, holdings: holdingsOf(known), cards: own };
  });
}

/** The next people of the chain by id; `last` is undefined behind the end. */
async function nextPage(
  sql: Sql,
  after: string,
  limit = PEOPLE_PER_PAGE,
): Promise<{ people: Whole[]; last: MemberId | undefined }> {
  const page = await readPersonPage(sql, after, limit);
  const people = gather(page).filter(({ row }) => isSegmented(row));
  return { people, last: page.members.at(-1)?.memberId };
}

/** Every person of the chain, page by page; all of one instant inside a transaction. */
async function eachPage(sql: Sql, visit: (people: Whole[]) => Promise<void> | void): Promise<void> {
  for (let after: string = FIRST_ID; ;) {
    const { people, last } = await nextPage(sql, after);
    if (last === undefined) return;
    await visit(people);
    after = last;
  }
}

const RFM_FIELDS = new Set(['rfm', 'recency', 'frequency', 'money']);

/** Borders of recency, frequency and money over everybody, where the segment asks for them at all. */
export async function bordersFor(tx: Sql, { conditions }: Segment): Promise<RfmBorders> {
  if (!conditions.some(({ field }) => RFM_FIELDS.has(field))) return NO_BORDERS;
  const columns = { lastActive: [] as number[], purchases: [] as number[], spent: [] as number[] };
  await eachPage(tx, (people) => {
    for (const { holdings } of people) {
      columns.lastActive.push(holdings.lastActive);
      columns.purchases.push(holdings.purchases);
      columns.spent.push(holdings.spent);
    }
  });
  return drawBorders({
    lastActive: Int32Array.from(columns.lastActive),
    purchases: Int32Array.from(columns.purchases),
    spent: Float64Array.from(columns.spent),
  });
}

interface Wanted {
  segment: Segment;
  borders: RfmBorders;
  nowMs: number;
}

/** Of these, whoever is in the segment now, by the rules that tills and offices have. */
const within = (people: readonly Whole[], { segment, borders, nowMs }: Wanted): Whole[] =>
  people.filter(({ row, holdings, cards, hasMarketingConsent }) => {
    const facts = personFacts(row, holdings, { cards, borders, hasMarketingConsent });
    return compileSegment(segment, columnsOfOne(facts), { atMs: nowMs })(0);
  });

/** The next people by id who are in the segment. `last`: up to whom it was looked; undefined behind the end. */
export async function nextInSegment(
  sql: Sql,
  after: string,
  { limit, ...wanted }: Wanted & { limit: number },
): Promise<{ people: Addressee[]; last: MemberId | undefined }> {
  const { people, last } = await nextPage(sql, after, limit);
  return { people: within(people, wanted), last };
}

/** Everybody who is in the segment now. */
export async function eachInSegment(
  tx: Sql,
  { segment, nowMs }: { segment: Segment; nowMs: number },
  visit: (people: Addressee[]) => Promise<void> | void,
): Promise<void> {
  const borders = await bordersFor(tx, segment);
  await eachPage(tx, (people) => visit(within(people, { segment, borders, nowMs })));
}
