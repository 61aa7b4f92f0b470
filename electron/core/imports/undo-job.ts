import type { RowOutcome, StagedRow } from '../../../db/imports/types.ts';
import type { OpId } from '../../../sync/base/ids.ts';
import { searchKeys } from '../../../sync/base/search-key.ts';
import { readExtras } from '../../../sync/model/extras.ts';
import type { MemberField, MemberFields } from '../../../sync/model/member.ts';
import type { OpBody } from '../../../sync/model/op.ts';
import type { Ctx } from '../ctx.ts';
import type { BatchedOp } from '../op-writer.ts';
import type { Laid } from '../overlay.ts';
import { consentOp, type Former } from './row-ops.ts';
import { countAgain, isSaved, settle, workOnRows, type RunParts } from './run-job.ts';
import { ID, type RunIds } from './run-ids.ts';

const REASON = 'import undone';
const UNDO_OPS = 8;

interface Undoing {
  ops: BatchedOp[];
  /** Something of the row was changed by somebody since, and stays. */
  isKept: boolean;
}

/** Whatever hangs on her cards came with the row: nobody has used them since. */
function undoCreated({ accounts, cards, member }: Laid, former: Former, opId: OpId): Undoing {
  const entries = [...accounts.values()].reduce((sum, { view }) => sum + view.entryCount, 0);
  const openings = former.cards.filter(({ units }) => units > 0).length;
  const isUsed = entries !== openings || cards.length !== former.cards.length;
  if (isUsed || member.state === 'anonymised') return { ops: [], isKept: true };
  const { memberId } = member;
  const body: OpBody = { kind: 'member.removed', memberId, isRemoved: true, reason: REASON, undone: entries };
  return { ops: [{ opId, body }], isKept: false };
}

/** Fields that still are as the row set them go back; the others stay. */
function formerFields({ member }: Laid, { fields, set }: Former) {
  const isOurs = (field: string): boolean => member[field as MemberField] === set[field as MemberField];
  const names = Object.keys(set);
  const back = Object.fromEntries(
    names.filter(isOurs).map((field) => [field, fields[field as MemberField] ?? null]),
  ) as Partial<MemberFields>;
  return { back, isKept: !names.every(isOurs) };
}

function formerExtras({ member }: Laid, former: Former) {
  const extras = readExtras(member.extras);
  const custom = Object.fromEntries(
    Object.entries(former.custom).filter(
      ([id]) => (extras.custom[id] ?? null) === (former.customSet[id] ?? null),
    ),
  );
  const tags = former.tags.filter((tag) => extras.tags.includes(tag));
  const groups = former.groups.filter((group) => extras.groups.includes(group));
  const isAll =
    Object.keys(custom).length === Object.keys(former.custom).length &&
    tags.length + groups.length === former.tags.length + former.groups.length;
  return { custom, tags, groups, isKept: !isAll };
}

/** She goes on as somebody else, or somebody else as her: what the row did is no longer to be told from the rest. */
const isMerged = ({ member, people }: Laid, row: StagedRow): boolean =>
  member.memberId !== row.memberId || people.length > 1;

/** A card that nobody has used gives its opening balance back and goes, as if it had never been. */
function undoCards(laid: Laid, former: Former, idOf: (part: number) => OpId): Undoing {
  const ops: BatchedOp[] = [];
  let isKept = false;
  const { memberId } = laid.member;
  for (const [at, { cardId, accountId, units, version, opId }] of former.cards.entries()) {
    const card = laid.cards.find((each) => each.cardId === cardId);
    const account = laid.accounts.get(accountId)?.view;
    if (card?.status !== 'active' || account?.entryCount !== (units > 0 ? 1 : 0)) {
      isKept = true;
      continue;
    }
    const onCard = { memberId, cardId, accountId, cardTypeVersion: version };
    const counter: OpBody = {
      kind: 'entry.corrected',
      ...onCard,
      correctsOpId: opId,
      delta: -units,
      reason: REASON,
    };
    if (units > 0) ops.push({ opId: idOf(3 + at * 2), body: counter });
    const undone = units > 0 ? 2 : 0;
    const body: OpBody = { kind: 'card.status', memberId, cardId, status: 'closed', reason: REASON, undone };
    ops.push({ opId: idOf(4 + at * 2), body });
  }
  return { ops, isKept };
}

function undoUpdated(
  ctx: Ctx,
  { laid, former, consentedBy }: { laid: Laid; former: Former; consentedBy: OpId },
  idOf: (part: number) => OpId,
): Undoing {
  const { member } = laid;
  const { memberId } = member;
  const fields = formerFields(laid, former);
  const extras = formerExtras(laid, former);
  const cards = undoCards(laid, former, idOf);
  const ops: BatchedOp[] = [];
  if (Object.keys(fields.back).length > 0) {
    const body: OpBody = { kind: 'member.changed', memberId, fields: fields.back };
    ops.push({ opId: idOf(0), body, keys: searchKeys({ ...member, ...fields.back }) });
  }
  const { tags, groups, custom } = extras;
  if (tags.length + groups.length + Object.keys(custom).length > 0) {
    const body: OpBody = {
      kind: 'member.extras',
      memberId,
      ...(tags.length > 0 && { tags: { add: [], remove: tags } }),
      ...(groups.length > 0 && { groups: { add: [], remove: groups } }),
      ...(Object.keys(custom).length > 0 && { custom }),
    };
    ops.push({ opId: idOf(1), body });
  }
  const isConsentOurs = former.marketing !== null && member.hasMarketingConsent !== former.marketing;
  // Nobody gets a consent back that she has withdrawn herself since: only the run's own word is taken back.
  const isLastWord = ctx.till.ops.find(consentedBy)?.op.hlc === member.marketingHlc;
  const isWordKept = isConsentOurs && former.marketing === true && !isLastWord;
  if (isConsentOurs && former.marketing !== null && !isWordKept) {
    ops.push(consentOp(ctx, idOf(2), { memberId, isGranted: former.marketing }));
  }
  const isKept = fields.isKept || extras.isKept || cards.isKept || isWordKept;
  return { ops: [...ops, ...cards.ops], isKept };
}

const undoIdOf =
  (ids: RunIds, rowNo: number) =>
  (part: number): OpId =>
    ids.of<OpId>(rowNo, ID.undoOp + part);

const outcomeOf = ({ rowNo, action, codes, memberId }: StagedRow): Omit<RowOutcome, 'status'> => ({
  ...{ rowNo, action, codes, memberId },
});

/**
 * Counters all that a run did, by ops of its own. What somebody has changed or used since stays, and its row says so.
 *
 * @throws Whatever stops it; it can be begun again and goes on.
 */
export async function undoRows(parts: RunParts): Promise<void> {
  const { ctx, db, run, ids } = parts;
  const { facts } = run;
  settle(parts, {
    isSaved: (row) =>
      (row.status !== 'undone' && row.status !== 'kept') ||
      isSaved(
        ctx,
        Array.from({ length: UNDO_OPS }, (_, part) => undoIdOf(ids, row.rowNo)(part)),
      ),
    takeBack: (row) => ({ ...outcomeOf(row), status: 'done' }),
  });
  Object.assign(facts, { cursor: 0, from: 0 });
  countAgain(db, run);
  await workOnRows(parts, (row, add) => {
    if (row.status !== 'done') return null;
    const former = row.former === '' ? null : (JSON.parse(row.former) as Former);
    const laid =
      row.memberId === '' ? undefined : ctx.overlay.lay(row.memberId as Laid['member']['memberId']);
    const idOf = undoIdOf(ids, row.rowNo);
    const undoing =
      former === null || laid === undefined || isMerged(laid, row)
        ? { ops: [], isKept: true }
        : former.kind === 'created'
          ? undoCreated(laid, former, idOf(0))
          : undoUpdated(ctx, { laid, former, consentedBy: ids.of<OpId>(row.rowNo, ID.firstOp + 2) }, idOf);
    for (const op of undoing.ops) add(op);
    facts[undoing.isKept ? 'kept' : 'undone'] += 1;
    return {
      ...outcomeOf(row),
      status: undoing.isKept ? 'kept' : 'undone',
      codes: undoing.isKept ? 'CHANGED_SINCE' : '',
    };
  });
}
