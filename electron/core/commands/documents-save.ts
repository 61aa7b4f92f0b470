import { WHOLE_CHAIN } from '../../../sync/base/ids.ts';
import { must } from '../../../sync/base/must.ts';
import { isTimeZone } from '../../../sync/base/business-day.ts';
import { hashPin, isPinAllowed } from '../../../sync/base/pin.ts';
import { documentSum, readDocument, type ChainDocument } from '../../../sync/model/chain.ts';
import { mayPolicyFollow, withPoliciesBehind } from '../../../sync/model/policy-text.ts';
import { isSegmentTag } from '../../../sync/model/segment.ts';
import { mayFollow } from '../../../sync/programmes/card-rules.ts';
import { mayTierFollow } from '../../../sync/programmes/tiers.ts';
import { AppError } from '../../contract/errors.ts';
import type { Input, Output } from '../../contract/index.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { nodeScrypt } from '../crypto.ts';
import type { LaidDocument } from '../documents.ts';
import { toDocumentView } from '../queries/documents-list.ts';
import { cardFacts } from '../views/member-view.ts';
import { actor } from './shared.ts';

type Saving = Input<'documents.save'>;

const find = (ctx: Ctx, { kind, id }: Pick<Saving, 'kind' | 'id'>): LaidDocument | undefined =>
  ctx.directory.documents(kind).find((each) => each.id === id);

/** The hash that a person's document gets: of the new PIN, or the one there is. Ready before anything is saved. */
async function pinHashFor(ctx: Ctx, saving: Saving): Promise<string> {
  if (saving.pin !== undefined) {
    if (!isPinAllowed(saving.pin)) {
      throw new AppError(
        'pin_weak',
        'A PIN has six digits or more, and no run or repetition. Nothing was saved.',
      );
    }
    await assertOwnPin(ctx, saving);
    const salt = Buffer.from(ctx.crypto.randomHex(16), 'hex').toString('base64');
    return hashPin(saving.pin, salt, nodeScrypt);
  }
  const known = find(ctx, saving);
  if (known?.kind === 'staff') return known.body.pinHash;
  throw new AppError('bad_request', 'Somebody new needs a PIN. Nothing was saved.');
}

/** Nobody resets her own PIN: she changes it with the one she has. A press that is saved already asks no more. */
async function assertOwnPin(ctx: Ctx, { opId, id, ownPin = '' }: Saving): Promise<void> {
  const { person } = actor(ctx);
  if (person.staffId !== id || ctx.till.ops.find(opId) !== undefined) return;
  const use = { act: 'own_pin', place: ctx.screen } as const;
  await ctx.sessions.check(person.login, ownPin, use);
  ctx.sessions.note(person.staffId, use, 'right');
}

/** What may never be changed in place, because cards and amounts that exist rest on it. */
function assertKept(known: LaidDocument | undefined, next: ChainDocument): void {
  const isOther =
    (known?.kind === 'chain' &&
      next.kind === 'chain' &&
      (known.body.cardPrefix !== next.body.cardPrefix ||
        known.body.currency !== next.body.currency ||
        known.body.currencyDecimals !== next.body.currencyDecimals)) ||
    (known?.kind === 'card-type' && next.kind === 'card-type' && known.body.kind !== next.body.kind);
  if (isOther)
    throw new AppError('bad_request', 'Currency, card prefix and kind of card stay. Nothing was saved.');
}

/** A rule never changes the past: it counts from today on, and every earlier version stays (N14). */
function assertFollows(ctx: Ctx, known: LaidDocument | undefined, next: ChainDocument): void {
  const today = cardFacts(ctx).businessDay;
  const isRight =
    next.kind === 'card-type'
      ? mayFollow(known?.kind === 'card-type' ? known.body : undefined, next.body, today)
      : next.kind !== 'tier' ||
        mayTierFollow(known?.kind === 'tier' ? known.body : undefined, next.body, today);
  if (!isRight) {
    throw new AppError(
      'bad_request',
      'Rules count from today or later, and earlier versions stay. Nothing was saved.',
    );
  }
}

/** Consents name the version of what was agreed to: its name never stands for another text. */
function assertPolicy(known: LaidDocument | undefined, next: ChainDocument): void {
  if (known?.kind !== 'chain' || next.kind !== 'chain' || mayPolicyFollow(known.body, next.body)) return;
  throw new AppError(
    'policy_version_used',
    'This version of the policy stands for another text. Nothing was saved; give the text a new version.',
  );
}

/** With the names of policies that stood before, which this till knows and the page does not. */
const bodyWithNames = (
  known: LaidDocument | undefined,
  { kind, body }: ChainDocument,
): ChainDocument['body'] =>
  kind === 'chain' && known?.kind === 'chain' ? withPoliciesBehind(known.body, body) : body;

/** A rule puts words on people; into a segment its own rules put them, or a person does. */
function assertWord(next: ChainDocument): void {
  if (next.kind === 'tag-rule' && !next.body.isRetired && isSegmentTag(next.body.tag))
    throw new AppError('tag_reserved', 'A tag of this form is for segments. Nothing was saved.');
}

/** Somebody must be left who can put things right. */
function assertManagerLeft(ctx: Ctx, next: ChainDocument): void {
  if (next.kind !== 'staff') return;
  const others = ctx.directory.documents('staff').map(({ body }) => body);
  const after = [...others.filter(({ staffId }) => staffId !== next.id), next.body];
  if (!after.some(({ role, isGone }) => role === 'manager' && !isGone))
    throw new AppError('last_manager', 'The last manager can not go. Nothing was saved.');
  const { login, isGone } = next.body;
  // As the centre compares them, which would hold the second one back.
  const isTaken = others.some(
    (each) => each.staffId !== next.id && !each.isGone && each.login.toLowerCase() === login.toLowerCase(),
  );
  if (isTaken && !isGone)
    throw new AppError('login_taken', 'Somebody else has this sign-in name. Nothing was saved.');
}

/** Days are counted by a shop's clock, and somebody must be able to bring a till in. */
function assertStore(ctx: Ctx, next: ChainDocument): void {
  if (next.kind !== 'store') return;
  if (!isTimeZone(next.body.timeZone))
    throw new AppError('bad_request', 'There is no such time zone. Nothing was saved.');
  const others = ctx.directory.documents('store').filter(({ id }) => id !== next.id);
  if (![...others.map(({ body }) => body), next.body].some(({ isRetired }) => isRetired !== true))
    throw new AppError('last_store', 'The last shop can not be closed. Nothing was saved.');
}

function toBody(ctx: Ctx, saving: Saving, pinHash: string | null) {
  const { kind, id, baseVersion } = saving;
  const known = find(ctx, saving);
  if ((known?.body.version ?? 0) !== baseVersion) {
    throw new AppError(
      'document_changed',
      'Somebody saved another version meanwhile. Nothing was saved; look at it again.',
    );
  }
  const body = { ...saving.body, version: baseVersion + 1, ...(pinHash !== null && { pinHash }) };
  const next = readDocument({ kind, id, seq: 0, body });
  if (next === null)
    throw new AppError(
      'bad_request',
      'A field of this is missing, too long or not allowed. Nothing was saved.',
    );
  assertKept(known, next);
  assertFollows(ctx, known, next);
  assertPolicy(known, next);
  assertManagerLeft(ctx, next);
  assertStore(ctx, next);
  assertWord(next);
  return {
    kind: 'document.saved' as const,
    memberId: WHOLE_CHAIN,
    docKind: kind,
    id,
    baseVersion,
    baseSum: documentSum(known?.body),
    body: { ...bodyWithNames(known, next) },
  };
}

/** Whoever tried the old PIN until she was locked out comes in with the new one: it was set because of that. */
function letIn(ctx: Ctx, saving: Saving): void {
  const saved = find(ctx, saving);
  if (saving.pin === undefined || saved?.kind !== 'staff' || saved.id === actor(ctx).person.staffId) return;
  ctx.settings.clearPinFailures(saved.body.login);
}

function save(ctx: Ctx, saving: Saving, pinHash: string | null): Output<'documents.save'> {
  const { opId, kind, id, baseVersion } = saving;
  const isRepeat = ctx.till.ops.find(opId) !== undefined;
  ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'document.saved',
    asked: { docKind: kind, id, baseVersion },
    make: () => ({ body: toBody(ctx, saving, pinHash) }),
  });
  ctx.directory.reload();
  if (!isRepeat) letIn(ctx, saving);
  if (pinHash !== null) ctx.keepSession?.(id, pinHash);
  ctx.publish('till.changed', {});
  return { ...toDocumentView(must(find(ctx, saving), 'it was saved just now')), opId };
}

/** The next version of a document: counts here at once, everywhere once the centre has it. */
export const saveDocument: Handler<'documents.save'> = (ctx, saving) =>
  saving.kind === 'staff'
    ? pinHashFor(ctx, saving).then((pinHash) => save(ctx, saving, pinHash))
    : save(ctx, saving, null);
