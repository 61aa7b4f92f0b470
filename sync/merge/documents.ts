import {
  documentSum,
  EARLIER_VERSIONS_MAX,
  readDocument,
  type CardType,
  type Chain,
  type Tier,
  type ChainDocument,
  type DocumentKind,
  type Staff,
} from '../model/chain.ts';
import type { OpBodyOf } from '../model/op.ts';
import { mayPolicyFollow, withPoliciesBehind } from '../model/policy-text.ts';
import { rulesIn } from '../programmes/card-rules.ts';
import { tierRulesIn } from '../programmes/tiers.ts';
import type { Applied } from './apply-op.ts';
import type { Outcome, RowReader } from './rows.ts';

const isCardType = (body: ChainDocument['body'] | undefined): body is CardType =>
  body !== undefined && 'cardTypeId' in body;

/** Its author did not know this version, and entries name it: none may go (N14). */
function behind(now: ChainDocument['body'] | undefined): Partial<Pick<CardType | Tier, 'earlier'>> {
  if (isCardType(now)) return { earlier: [rulesIn(now), ...now.earlier].slice(0, EARLIER_VERSIONS_MAX) };
  if (now === undefined || !('tierId' in now)) return {};
  return { earlier: [tierRulesIn(now), ...now.earlier].slice(0, EARLIER_VERSIONS_MAX) };
}

const isChain = (body: ChainDocument['body'] | undefined): body is Chain =>
  body !== undefined && 'policyVersion' in body;

/**
 * A consent may name any version that stood: names that are there stay, whatever an author sends. To a chain whose
 * documents carry none, none are added: a till of before, which made this one, would refuse every answer with it.
 */
function withNames(now: ChainDocument['body'] | undefined, row: ChainDocument): ChainDocument {
  if (row.kind !== 'chain' || !isChain(now)) return row;
  const policiesBefore = now.policiesBefore ?? row.body.policiesBefore;
  if (policiesBefore === undefined) return row;
  return { ...row, body: withPoliciesBehind({ ...now, policiesBefore }, row.body) };
}

const isManager = ({ role, isGone }: Staff): boolean => role === 'manager' && !isGone;

/** Each may be right alone: two managers apart from each other let the other go, or give one name to two. */
function isAgainstOthers(rows: Pick<RowReader, 'documentsOf'>, next: Staff): boolean {
  const staff = rows.documentsOf('staff').flatMap((each) => (each.kind === 'staff' ? [each.body] : []));
  const others = staff.filter(({ staffId }) => staffId !== next.staffId);
  const isLastGone = staff.some(isManager) && ![...others, next].some(isManager);
  const login = next.login.toLowerCase();
  const isTaken = others.some((each) => !each.isGone && each.login.toLowerCase() === login);
  return isLastGone || (isTaken && !next.isGone);
}

/** Whether it was made over the version that is there now. */
export const isOverNewest = (
  now: ChainDocument['body'] | undefined,
  { baseVersion, baseSum }: Pick<OpBodyOf<'document.saved'>, 'baseVersion' | 'baseSum'>,
): boolean => (now?.version ?? 0) === baseVersion && documentSum(now) === baseSum;

/**
 * The next version of a document. In the order of the feed: whoever saved another version than the one that is
 * there now waits for a manager, with both still to be read. On a manager's word it comes behind what is there; of a
 * person on nobody's: it would bring back a role, a PIN or somebody who was let go.
 */
export function saveDocument(
  rows: Pick<RowReader, 'document' | 'documentsOf'>,
  applied: Applied,
  body: OpBodyOf<'document.saved'>,
): Outcome {
  const { seq, isApproved = false } = applied;
  // Cast: the shape of the op was checked with the kind in it.
  const kind = body.docKind as DocumentKind;
  const now = rows.document(kind, body.id)?.body;
  const version = now?.version ?? 0;
  const isBase = isOverNewest(now, body);
  if (!isBase && (!isApproved || kind === 'staff')) return { held: 'document_changed' };
  const next = { ...body.body, version: version + 1, ...(!isBase && behind(now)) };
  const read = readDocument({ kind, id: body.id, seq, body: next });
  if (read === null) return { held: 'bad_body' };
  const row = withNames(now, read);
  // Cards of it are out there: also a manager's word does not make other cards of them.
  if (isCardType(now) && isCardType(row.body) && now.kind !== row.body.kind)
    return { held: 'document_changed' };
  // Consents name its version: also a manager's word does not put another text under them.
  if (isChain(now) && isChain(row.body) && !mayPolicyFollow(now, row.body))
    return { held: 'document_changed' };
  if (row.kind === 'staff' && isAgainstOthers(rows, row.body)) return { held: 'document_changed' };
  return { held: null, changes: [{ table: 'document', row }], flags: [] };
}
