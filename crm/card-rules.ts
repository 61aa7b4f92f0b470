import type { CardTypeId } from '../sync/base/ids.ts';
import { EARLIER_VERSIONS_MAX, readDocument, type CardType } from '../sync/model/chain.ts';
import type { HeldReason } from '../sync/model/feed.ts';
import type { Op, OpBodyOf } from '../sync/model/op.ts';
import { unitsOf } from '../sync/model/units.ts';
import { ruleFault, ruleNamed, type NamedRule } from '../sync/merge/card-rules.ts';
import type { InboxTask } from '../sync/merge/rows.ts';
import { rulesOfVersion } from '../sync/programmes/card-rules.ts';
import type { Numbered, Surroundings } from './decide.ts';

/**
 * Card types that tills saved and the centre did not take at once. Such a till works by its own version until it hears
 * of that, honestly, while the centre may have another one under the same number.
 */
export interface OwnRules {
  /** Tills whose own documents were read. */
  readonly readTills: Set<string>;
  note(tillId: string, body: OpBodyOf<'document.saved'>): void;
  /** What such versions of a till say. */
  of(tillId: string, named: NamedRule): CardType[];
}

export function createOwnRules(): OwnRules {
  const types = new Map<string, CardType[]>();
  const keyOf = (tillId: string, cardTypeId: string): string => `${tillId} ${cardTypeId}`;
  return {
    readTills: new Set(),
    note: (tillId, { docKind, id, body }) => {
      const read = docKind === 'card-type' ? readDocument({ kind: docKind, id, seq: 0, body }) : null;
      if (read?.kind !== 'card-type') return;
      const key = keyOf(tillId, id);
      types.set(key, [...(types.get(key) ?? []), read.body]);
    },
    of: (tillId, { cardTypeId, version }) =>
      (types.get(keyOf(tillId, cardTypeId)) ?? []).flatMap((type) => rulesOfVersion(type, version) ?? []),
  };
}

/** Versions of a card type that were asked for: taking one out of a document copies it. */
const versions = new WeakMap<CardType, Map<number, CardType | undefined>>();

function versionOf(type: CardType, version: number): CardType | undefined {
  const known = versions.get(type) ?? new Map<number, CardType | undefined>();
  versions.set(type, known);
  if (!known.has(version)) known.set(version, rulesOfVersion(type, version));
  return known.get(version);
}

/** A document keeps so many versions; who worked by one before them, apart from the rest, is believed and told of. */
const isForgotten = (type: CardType, version: number): boolean =>
  type.earlier.length === EARLIER_VERSIONS_MAX && version < (type.earlier.at(-1)?.version ?? 0);

type Fit = { held: HeldReason } | { held: null; tasks: InboxTask[] };
const FITS: Fit = { held: null, tasks: [] };

function toldOf({ body, tillId }: Op, named: NamedRule, newest: CardType): Fit {
  const { name, nameZh } = versionOf(newest, named.version) ?? newest;
  const opened = body.kind === 'member.created' ? body.card : null;
  const accountId = 'accountId' in body ? body.accountId : (opened?.accountId ?? null);
  const { cardTypeId, version } = named;
  const task: InboxTask = {
    topic: `other_rule ${tillId} ${cardTypeId} ${version}`,
    memberId: body.memberId,
    detail: {
      kind: 'other_rule',
      opKind: body.kind,
      ...{ accountId, cardType: name, cardTypeZh: nameZh, version, units: unitsOf(body) },
    },
  };
  return { held: null, tasks: [task] };
}

const typeOf = ({ rows }: Surroundings, cardTypeId: CardTypeId): CardType | undefined => {
  const found = rows.document('card-type', cardTypeId);
  return found?.kind === 'card-type' ? found.body : undefined;
};

/**
 * Whether a till can have made this op by a version of its card type (R-S2): else it is held. By a version of its own
 * that others saved differently it stands, and a manager is told.
 */
export function fitRules(op: Op, numbered: Numbered, around: Surroundings): Fit {
  const { rows, staff, ownRules } = around;
  const named = ruleNamed(op.body, rows);
  if (named === null) return FITS;
  const type = typeOf(around, named.cardTypeId);
  const isManager = staff.get(op.actorId)?.role === 'manager';
  const faultBy = (rules: CardType | undefined) => ruleFault(op.body, { rows, rules, isManager });
  const held = faultBy(type === undefined ? undefined : versionOf(type, named.version));
  if (held === null) return FITS;
  const { isApproved = false, isRepaired = false } = numbered;
  // On her word it counts as it was made; what she typed herself is checked.
  if (isApproved && (held === 'unknown_rule' || (!isRepaired && held !== 'wrong_kind'))) return FITS;
  if (type === undefined) return { held };
  const isOwn = held !== 'unknown_rule' && ownRules.of(op.tillId, named).some((own) => faultBy(own) === null);
  const isOld = held === 'unknown_rule' && isForgotten(type, named.version) && faultBy(type) !== 'wrong_kind';
  return isOwn || isOld ? toldOf(op, named, type) : { held };
}
