import { classify, type DecodeRules } from '../../drivers/decode/classify.ts';
import type { ScanKind } from '../../drivers/decode/scan-event.ts';
import { isCardNumber } from '../../sync/base/card-number.ts';
import { lookupIdKey, toSearchPlan } from '../../sync/base/search-key.ts';
import type { Tone } from '../contract/devices.ts';
import { NOBODYS_SIGNS_MAX, type EventOf, type NobodysKind, type ScanSource } from '../contract/events.ts';
import type { CouponFacts } from '../contract/till.ts';
import type { Ctx } from './ctx.ts';
import { findMembers } from './queries/members-lookup.ts';
import { cardFacts, openMemberView, toMemberHit } from './views/member-view.ts';
import type { Laid } from './overlay.ts';

type ScanResult = EventOf<'scan.resolved'>['result'];

export interface ScannedText {
  kind: ScanKind;
  text: string;
  /** Of a coupon. */
  facts?: CouponFacts | undefined;
}

const CHOICES_MAX = 20;
/** Enough to choose a name and enter a PIN; later the customer has scanned again, or gone. */
export const SCAN_WAIT_MS = 30_000;

function resolveCard(ctx: Ctx, cardNumber: string): ScanResult {
  const held = ctx.overlay.findByCardNumber(cardNumber);
  const laid = held === undefined ? undefined : ctx.overlay.lay(held.memberId);
  if (laid === undefined)
    return { kind: 'unknown-card', cardNumber, isOwnStock: ctx.till.stock.isMine(cardNumber) };
  return { kind: 'member', member: openMemberView(ctx, laid), cardNumber };
}

const toNobodys = (what: NobodysKind, text: string): ScanResult => ({
  kind: 'not-a-card',
  what,
  text: text.slice(0, NOBODYS_SIGNS_MAX),
});

function resolveFound(
  ctx: Ctx,
  { kind, text }: ScannedText & { kind: NobodysKind },
  found: Laid[],
): ScanResult {
  const [first] = found;
  if (first === undefined) return toNobodys(kind, text);
  if (found.length === 1) return { kind: 'member', member: openMemberView(ctx, first), cardNumber: '' };
  const facts = cardFacts(ctx);
  return { kind: 'choice', text, members: found.map((laid) => toMemberHit(laid, facts)) };
}

/** The holder of exactly this phone. */
function resolvePhone(ctx: Ctx, text: string): ScanResult {
  const plan = toSearchPlan(text, ctx.directory.country());
  const whole = { ...plan, seeks: plan.seeks.filter((seek) => !seek.isPrefix) };
  return resolveFound(ctx, { kind: 'phone', text }, findMembers(ctx, whole, CHOICES_MAX));
}

function findByLookupId(ctx: Ctx, text: string): Laid[] {
  const seeks = [{ key: `l${lookupIdKey(text)}`, isPrefix: false }];
  return findMembers(ctx, { phone: null, seeks }, CHOICES_MAX);
}

/** The holder of a card of another chain's numbers, or of exactly this look-up ID. */
function resolveText(ctx: Ctx, scanned: ScannedText & { kind: NobodysKind }): ScanResult {
  const number = scanned.text.replace(/[ -]/g, '');
  if (isCardNumber(number)) return resolveCard(ctx, number);
  return resolveFound(ctx, scanned, findByLookupId(ctx, scanned.text));
}

function resolveCoupon(ctx: Ctx, { text, facts = {} }: ScannedText): ScanResult {
  const result = resolveFound(ctx, { kind: 'unknown', text }, findByLookupId(ctx, text));
  if (result.kind !== 'not-a-card') return result;
  const { issuer, reference, value, currency, expiry } = facts;
  return { kind: 'coupon', text: result.text, facts: { issuer, reference, value, currency, expiry } };
}

/** What a scanned text means here. Only whole keys count: a scan that is part of something is nobody's. */
export function resolveScan(ctx: Ctx, scanned: ScannedText): ScanResult {
  const { kind, text } = scanned;
  switch (kind) {
    case 'blocked-payment-card':
      return { kind: 'payment-card' };
    case 'id-document':
      return { kind };
    case 'phone':
      return resolvePhone(ctx, text);
    case 'member-card':
    case 'wallet':
    case 'unknown':
      return resolveText(ctx, { kind, text });
    case 'coupon':
      return resolveCoupon(ctx, scanned);
    case 'product':
    case 'logistic':
      // A chain may print look-up IDs that look like one; but its digits are never a card's number.
      return resolveFound(ctx, { kind, text }, findByLookupId(ctx, text));
  }
}

export interface ScanFlow {
  /**
   * One event for each scan, to whoever is signed in. Nobody signed in: nothing is looked up, and the newest card waits
   * `SCAN_WAIT_MS` for somebody.
   *
   * @returns How the scanner should sound: `bad` for what was refused, whether or not anybody holds the rest.
   */
  take(source: ScanSource, scanned: ScannedText): Tone;
  takeRaw(source: 'wedge', raw: Omit<ScannedText, 'kind'> & { kind?: ScanKind | undefined }): void;
  takeLoss(source: ScanSource): void;
  /** Somebody has signed in at the screen: tells of the card that has waited. */
  release(): void;
}

const isRefused = (kind: ScanKind): boolean => kind === 'blocked-payment-card' || kind === 'id-document';

/** From a scan to the one event that the page paints from: the same query functions as a typed look-up. */
export function createScanFlow(ctx: () => Ctx, rules: () => DecodeRules): ScanFlow {
  let waiting: { source: ScanSource; scanned: ScannedText; untilMs: number } | null = null;
  const take: ScanFlow['take'] = (source, scanned) => {
    const now = ctx();
    const isAnybodys = now.session === null && !isRefused(scanned.kind);
    waiting = isAnybodys ? { source, scanned, untilMs: now.clock.nowMs() + SCAN_WAIT_MS } : null;
    now.publish('scan.resolved', {
      source,
      result: isAnybodys ? { kind: 'waiting' } : resolveScan(now, scanned),
    });
    return isRefused(scanned.kind) ? 'bad' : 'good';
  };
  const takeLoss: ScanFlow['takeLoss'] = (source) =>
    ctx().publish('scan.resolved', { source, result: { kind: 'bad-read' } });
  return {
    take,
    release: () => {
      const kept = waiting;
      waiting = null;
      if (kept !== null && ctx().clock.nowMs() < kept.untilMs) take(kept.source, kept.scanned);
    },
    takeRaw: (source, { text, kind, facts }) => {
      const reading = { symbology: 'unknown', isDeclared: false, aim: null, issues: [] } as const;
      const event = classify({ ...reading, text: text.trim(), byteCount: text.length }, rules());
      const isGuarded = event.type === 'scan' && isRefused(event.scan.kind);
      if (kind !== undefined && !isGuarded) take(source, { kind, text: text.trim(), facts });
      else if (event.type === 'scan') take(source, event.scan);
      else takeLoss(source);
    },
    takeLoss,
  };
}
