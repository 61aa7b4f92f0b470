import type { MemberId } from '../../sync/base/ids.ts';
import type { Addressee } from '../../sync/merge/messages.ts';
import type { AccountRow, CardRow } from '../../sync/model/card.ts';
import { attributesOf } from '../../sync/model/attributes.ts';
import type { OpBodyOf } from '../../sync/model/op.ts';
import { kindsOf } from '../../sync/model/register.ts';
import type { Segment } from '../../sync/model/segment.ts';
import { compileSegment } from '../../sync/segments/compile.ts';
import {
  columnsOfOne,
  holdingsOf,
  isSegmented,
  personFacts,
  type Holdings,
} from '../../sync/segments/facts.ts';
import { filterOf } from '../../sync/segments/list-filter.ts';
import { targetOf, type MessageTarget, type TargetFault } from '../../sync/segments/message-target.ts';
import { drawBorders, NO_BORDERS, type RfmBorders } from '../../sync/segments/rfm.ts';
import type { Sql } from '../database.ts';
import { findChain, findDocument, listDocuments } from '../repos/documents.ts';
import { readPersonPage, type PersonPage } from '../repos/messages.ts';

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
export const PEOPLE_PER_PAGE = 2_000;

interface Whole extends Addressee {
  holdings: Holdings;
  cards: CardRow[];
  accounts: readonly AccountRow[];
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
    return { row, hasMarketingConsent, holdings: holdingsOf(known), cards: own, accounts: known };
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

/** What a request names, or why nobody is written to by it. Tills of any version ask for segments in the same way. */
export async function findTarget(
  sql: Sql,
  { segmentId, filterVersion }: Pick<OpBodyOf<'message.requested'>, 'segmentId' | 'filterVersion'>,
): Promise<MessageTarget | TargetFault> {
  const segment = await findDocument(sql, 'segment', segmentId);
  const saved = await findDocument(sql, 'filter', segmentId);
  return targetOf({ segment, saved }, filterVersion);
}

type IsMeant = (person: Whole) => boolean;

/** Who is meant, by the rules that tills and offices have; what is drawn over everybody is drawn here, once. */
export async function createTest(tx: Sql, target: MessageTarget, nowMs: number): Promise<IsMeant> {
  if (target.kind === 'filter') {
    const attributes = attributesOf(await listDocuments(tx, 'attribute')).filter(({ of }) => of !== 'card');
    const country = (await findChain(tx))?.country ?? '';
    return filterOf(target.saved, { nowMs, kinds: kindsOf(attributes), country });
  }
  const { segment } = target;
  const borders = await bordersFor(tx, segment);
  return ({ row, holdings, cards, hasMarketingConsent }) => {
    const facts = personFacts(row, holdings, { cards, borders, hasMarketingConsent });
    return compileSegment(segment, columnsOfOne(facts), { atMs: nowMs })(0);
  };
}

/** The next people by id who are meant. `last`: up to whom it was looked; undefined behind the end. */
export async function nextMeant(
  sql: Sql,
  after: string,
  { isMeant, limit }: { isMeant: IsMeant; limit: number },
): Promise<{ people: Addressee[]; last: MemberId | undefined }> {
  const { people, last } = await nextPage(sql, after, limit);
  return { people: people.filter(isMeant), last };
}

/** Everybody who is meant now. */
export async function eachMeant(
  tx: Sql,
  { target, nowMs }: { target: MessageTarget; nowMs: number },
  visit: (people: Addressee[]) => Promise<void> | void,
): Promise<void> {
  const isMeant = await createTest(tx, target, nowMs);
  await eachPage(tx, (people) => visit(people.filter(isMeant)));
}
