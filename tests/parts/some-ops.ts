import fc from 'fast-check';
import { toHlc } from '../../sync/base/clock.ts';
import { CHAIN_START, OpBody, opHash, type WireOp } from '../../sync/model/op.ts';
import { ExportWhat } from '../../sync/model/export.ts';
import { EMPTY_FIELDS } from '../../sync/model/member.ts';
import { WHOLE_CHAIN, type TillId } from '../../sync/base/ids.ts';
import { testCrypto } from './node-crypto.ts';

const id = fc.uuid({ version: 7 });
const text = (max: number) => fc.string({ unit: 'grapheme', maxLength: max }).map((value) => value.trim());
const units = fc.integer({ min: 1, max: 1_000_000_000 });
const onCard = { memberId: id, cardId: id, accountId: id, cardTypeVersion: fc.integer({ min: 1, max: 9 }) };
const purchase = { amountMinor: fc.option(units), receiptNo: text(40) };
const day = fc.constantFrom('2026-11-21', '2026-11-22', '2024-02-29');
const fields = fc.record({
  ...Object.fromEntries(Object.entries(EMPTY_FIELDS).map(([key, value]) => [key, fc.constant(value)])),
  lastName: text(40),
  notes: text(200),
  mobile: fc.constantFrom(null, '+6591234567', '+6598887777'),
  isCreditAllowed: fc.boolean(),
});
const newCard = {
  ...onCard,
  cardTypeId: fc.constantFrom('stamp', 'points'),
  cardTypeVersion: fc.constant(1),
  cardNumber: fc.stringMatching(/^\d{16}$/),
  openingUnits: fc.constant(0),
  expiresOn: fc.option(day),
};
const { memberId: _memberId, ...ownCard } = newCard;
const reason = text(60);

/** Some body of each kind; the record is complete, so a new kind does not compile until it has one. */
const bodies: Record<OpBody['kind'], fc.Arbitrary<Record<string, unknown>>> = {
  'member.created': fc.record({
    memberId: id,
    supportId: fc.constant('AAAA-2222'),
    storeId: fc.constant('store-1'),
    fields,
    pdpaPolicy: fc.constant('1'),
    hasMarketingConsent: fc.boolean(),
    card: fc.option(fc.record(ownCard)),
  }),
  'member.extras': fc.record(
    {
      memberId: id,
      tags: fc.record({ add: fc.constant(['vip']), remove: fc.constant([]) }),
      custom: fc.constant({ fax: '+65 6000', identifierType: null }),
      verified: fc.record({ mobile: fc.boolean() }),
      receipt: fc.record({
        ...{ receiptNo: fc.constant('R-7'), storeId: fc.constant('store-1'), day, amountMinor: units },
        note: text(60),
      }),
      checked: fc.dictionary(id, fc.boolean(), { minKeys: 1, maxKeys: 1 }),
      takeBack: fc.record({ receiptId: id, reason: fc.constant('typed wrongly') }),
    },
    { requiredKeys: ['memberId'] },
  ),
  'tier.earned': fc.record({
    memberId: id,
    reached: fc.option(
      fc.record({
        ...{ tierId: fc.constant('gold'), version: fc.constant(2), since: fc.constant('2026-11-22') },
        ...{ until: fc.constant(null), spentMinor: fc.nat(100_000) },
      }),
    ),
  }),
  'member.removed': fc.record({ memberId: id, isRemoved: fc.boolean(), reason }),
  'document.saved': fc.record({
    memberId: fc.constant(WHOLE_CHAIN),
    docKind: fc.constant('group'),
    id: fc.constant('staff'),
    baseVersion: fc.constant(1),
    baseSum: fc.constant('0123456789abcdef'),
    body: fc.record({ groupId: fc.constant('staff'), version: fc.constant(2), name: fc.constant('Staff') }),
  }),
  'export.made': fc.record(
    {
      memberId: fc.constant(WHOLE_CHAIN),
      ...{ exportId: id, what: fc.constantFrom(...ExportWhat.options) },
      ...{ purpose: fc.constant('' as const), of: fc.constant(''), rows: fc.option(fc.nat(9)) },
      stage: fc.constantFrom('begun', 'whole', 'cut'),
      reason: fc.constant('asked for by the owner'),
    },
    { requiredKeys: ['memberId', 'exportId', 'what', 'purpose', 'of', 'rows', 'stage'] },
  ),
  'message.requested': fc.record({
    memberId: id,
    segmentId: fc.constant(''),
    templateId: fc.constant('birthday'),
    templateVersion: fc.integer({ min: 1, max: 9 }),
    templateSum: fc.constant('0123456789abcdef'),
  }),
  'purchase.edited': fc.record({
    ...onCard,
    correctsOpId: id,
    entryId: id,
    delta: fc.integer({ min: -9, max: 0 }),
    newUnits: fc.nat(9),
    amountMinor: units,
    reason,
  }),
  'points.expired': fc.record({ ...onCard, points: units, lotOpId: id, day }),
  'balance.forfeited': fc.record({ ...onCard, count: units, secondId: fc.constant('staff-2') }),
  'credit.paidOut': fc.record({ ...onCard, creditMinor: units, secondId: fc.constant('staff-2') }),
  'member.changed': fc.record({
    memberId: id,
    fields: fc.record({ firstName: text(20), mobile: fc.constant(null) }, { requiredKeys: [] }),
  }),
  'member.state': fc.record({
    memberId: id,
    state: fc.constantFrom('locked', 'blocked'),
    epoch: fc.nat(9),
    reason,
  }),
  'consent.recorded': fc.record({
    memberId: id,
    purpose: fc.constant('marketing'),
    isGranted: fc.boolean(),
    policyVersion: fc.constant('1'),
    channel: fc.constant('counter'),
  }),
  'member.merged': fc.record({ memberId: id, intoId: id, reason }),
  'member.unmerged': fc.record({ memberId: id, intoId: id, reason }),
  'card.issued': fc.record(newCard),
  'card.replaced': fc.record({
    memberId: id,
    accountId: id,
    oldCardId: id,
    cardId: id,
    cardNumber: newCard.cardNumber,
    reason,
  }),
  'card.status': fc.record({ memberId: id, cardId: id, status: fc.constantFrom('lost', 'closed'), reason }),
  'stamp.added': fc.record({ ...onCard, ...purchase, count: units }),
  'points.credited': fc.record({ ...onCard, ...purchase, points: units, reason }),
  'points.debited': fc.record({ ...onCard, points: units, reason }),
  'visit.deducted': fc.record({ ...onCard, count: units }),
  'visits.added': fc.record({ ...onCard, ...purchase, count: units }),
  'credit.earned': fc.record({ ...onCard, ...purchase, creditMinor: units }),
  'credit.toppedUp': fc.record({ ...onCard, receiptNo: text(40), creditMinor: units }),
  'credit.spent': fc.record({ ...onCard, receiptNo: text(40), creditMinor: units }),
  'reward.redeemed': fc.record({ ...onCard, rewardId: fc.constant('cake'), cost: units }),
  'entry.corrected': fc.record({
    ...onCard,
    correctsOpId: id,
    delta: fc.integer({ min: -9, max: 9 }),
    reason,
  }),
};

/** One body of each kind, the same each time. */
export const oneOfEachKind = (): WireOp['body'][] =>
  Object.entries(bodies).map(([kind, body]) => ({ ...fc.sample(body, { numRuns: 1, seed: 7 })[0], kind }));

export const OP_KINDS = Object.keys(bodies) as OpBody['kind'][];

const anyBody = fc.oneof(
  ...OP_KINDS.map((kind) => bodies[kind].map((body) => ({ ...body, kind }))),
  // Of a program that is not written yet.
  fc
    .record({ kind: fc.constant('from.later'), memberId: id, list: fc.array(fc.jsonValue({ maxDepth: 1 })) })
    .map(
      (body) =>
        JSON.parse(
          JSON.stringify(body, (_, value: unknown) => (typeof value === 'number' ? 1 : value)),
        ) as WireOp['body'],
    ),
);

const oneOp = fc.record({
  opId: fc.oneof(id, fc.uuid({ version: 4 })),
  ms: fc.integer({ min: -5_000, max: 100_000 }),
  count: fc.integer({ min: 0, max: 0xffff }),
  wallMs: fc.oneof(fc.integer({ min: -3_000, max: 3_000 }), fc.constant(Number.MIN_SAFE_INTEGER)),
  actorId: fc.constantFrom('staff-1', 'staff-2'),
  salt: fc.constantFrom('', 'a5'.repeat(16)),
  body: anyBody,
});

export const START = { tillId: 'till-1' as TillId, incarnation: 2, tseq: 7, hash: 'ab'.repeat(16) };

/** Ops of one till that follow one another, in any mixture of kinds. */
export const someOps: fc.Arbitrary<WireOp[]> = fc
  .array(oneOp, { minLength: 1, maxLength: 30, size: 'max' })
  .map((made) => {
    let prev: string = START.hash;
    let ms = 1_795_000_000_000;
    return made.map((each, at): WireOp => {
      ms += each.ms;
      const op: WireOp = {
        version: 1,
        opId: each.opId as WireOp['opId'],
        tillId: START.tillId,
        incarnation: START.incarnation,
        tseq: START.tseq + at + 1,
        hlc: toHlc(ms, each.count),
        wallMs: each.wallMs < -3_000 ? each.wallMs : ms + each.wallMs,
        actorId: each.actorId as WireOp['actorId'],
        storeId: 'store-1' as WireOp['storeId'],
        businessDay: '2026-11-22',
        kind: each.body.kind,
        salt: each.salt,
        prev,
        body: each.body,
      };
      prev = opHash(op, testCrypto);
      return op;
    });
  });

export const headOf = (ops: readonly WireOp[]): string => {
  const last = ops.at(-1);
  return last === undefined ? CHAIN_START : opHash(last, testCrypto);
};
