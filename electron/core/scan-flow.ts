import { toPayload } from '../../drivers/decode/payload.ts';
import type { PayloadKind } from '../../drivers/decode/payload.ts';
import { lookupIdKey, toSearchPlan } from '../../sync/base/search-key.ts';
import type { EventOf } from '../contract/events.ts';
import type { Ctx } from './ctx.ts';
import { findMembers } from './queries/members-lookup.ts';
import { cardFacts, toMemberHit, toMemberView } from './views/member-view.ts';
import type { Laid } from './overlay.ts';

type ScanResult = EventOf<'scan.resolved'>['result'];

export interface ScannedText {
  kind: PayloadKind;
  text: string;
}

const CHOICES_MAX = 20;
/** Enough to choose a name and enter a PIN; later the customer has scanned again, or gone. */
export const SCAN_WAIT_MS = 30_000;

function resolveCard(ctx: Ctx, cardNumber: string): ScanResult {
  const held = ctx.overlay.findByCardNumber(cardNumber);
  const laid = held === undefined ? undefined : ctx.overlay.lay(held.memberId);
  if (laid === undefined)
    return { kind: 'unknown-card', cardNumber, isOwnStock: ctx.till.stock.isMine(cardNumber) };
  return { kind: 'member', member: toMemberView(ctx, laid), cardNumber };
}

function resolveFound(ctx: Ctx, text: string, found: Laid[]): ScanResult {
  const [first] = found;
  if (first === undefined) return { kind: 'not-a-card', text };
  if (found.length === 1) return { kind: 'member', member: toMemberView(ctx, first), cardNumber: '' };
  const facts = cardFacts(ctx);
  return { kind: 'choice', text, members: found.map((laid) => toMemberHit(laid, facts)) };
}

/** What a scanned text means here. Only whole keys count: a scan that is part of something is nobody's. */
export function resolveScan(ctx: Ctx, scanned: ScannedText): ScanResult {
  switch (scanned.kind) {
    case 'refused-payment-card':
      return { kind: 'payment-card' };
    case 'member-card':
      return resolveCard(ctx, scanned.text);
    case 'phone': {
      const plan = toSearchPlan(scanned.text, ctx.directory.country());
      return resolveFound(
        ctx,
        scanned.text,
        findMembers(ctx, { ...plan, seeks: plan.seeks.filter((seek) => !seek.isPrefix) }, CHOICES_MAX),
      );
    }
    case 'text':
      return resolveFound(
        ctx,
        scanned.text,
        findMembers(
          ctx,
          { phone: null, seeks: [{ key: `l${lookupIdKey(scanned.text)}`, isPrefix: false }] },
          CHOICES_MAX,
        ),
      );
  }
}

export interface ScanFlow {
  /**
   * One event for each scan, to whoever is signed in. Nobody signed in: nothing is looked up, and the newest card waits
   * `SCAN_WAIT_MS` for somebody.
   */
  take(source: 'serial' | 'wedge', scanned: ScannedText): void;
  takeRaw(source: 'wedge', text: string): void;
  takeLoss(): void;
  /** Somebody has signed in at the screen: tells of the card that has waited. */
  release(): void;
}

/** From a scan to the one event that the page paints from: the same query functions as a typed look-up. */
export function createScanFlow(ctx: () => Ctx): ScanFlow {
  let waiting: { source: 'serial' | 'wedge'; scanned: ScannedText; untilMs: number } | null = null;
  const take: ScanFlow['take'] = (source, scanned) => {
    const now = ctx();
    const isAnybodys = now.session === null && scanned.kind !== 'refused-payment-card';
    waiting = isAnybodys ? { source, scanned, untilMs: now.clock.nowMs() + SCAN_WAIT_MS } : null;
    now.publish('scan.resolved', {
      source,
      result: isAnybodys ? { kind: 'waiting' } : resolveScan(now, scanned),
    });
  };
  return {
    take,
    release: () => {
      const kept = waiting;
      waiting = null;
      if (kept !== null && ctx().clock.nowMs() < kept.untilMs) take(kept.source, kept.scanned);
    },
    takeRaw: (source, text) => {
      const ownPrefixes = [ctx().directory.chain()?.cardPrefix].filter((prefix) => prefix !== undefined);
      take(source, toPayload(text, { identifiers: 'none', ownPrefixes }));
    },
    takeLoss: () => ctx().publish('scan.resolved', { source: 'serial', result: { kind: 'bad-read' } }),
  };
}
