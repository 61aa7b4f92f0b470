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
const PEOPLE_PER_PAGE = 2_000;

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

/** Every person of the chain, page by page; all of one instant inside `tx`. */
async function eachPage(tx: Sql, visit: (people: Whole[]) => Promise<void> | void): Promise<void> {
  for (let after = FIRST_ID; ;) {
    const page = await readPersonPage(tx, after, PEOPLE_PER_PAGE);
    const last = page.members.at(-1);
    if (last === undefined) return;
    await visit(gather(page).filter(({ row }) => isSegmented(row)));
    after = last.memberId;
  }
}

const RFM_FIELDS = new Set(['rfm', 'recency', 'frequency', 'money']);

/** Borders of recency, frequency and money over everybody, where the segment asks for them at all. */
async function bordersFor(tx: Sql, { conditions }: Segment): Promise<RfmBorders> {
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

/** Everybody who is in the segment now, by the rules that tills and offices have. */
export async function eachInSegment(
  tx: Sql,
  { segment, nowMs }: { segment: Segment; nowMs: number },
  visit: (people: Addressee[]) => Promise<void> | void,
): Promise<void> {
  const borders = await bordersFor(tx, segment);
  await eachPage(tx, (people) =>
    visit(
      people.filter(({ row, holdings, cards, hasMarketingConsent }) => {
        const facts = personFacts(row, holdings, { cards, borders, hasMarketingConsent });
        return compileSegment(segment, columnsOfOne(facts), { atMs: nowMs })(0);
      }),
    ),
  );
}
