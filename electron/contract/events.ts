import { z } from 'zod';
import { MemberId } from '../../sync/base/ids.ts';
import { ImportRun } from './imports.ts';
import { DevicesView, Learned, ScanRules } from './devices.ts';
import { CouponFacts, ScannerView, SyncStatus } from './till.ts';
import { MemberHit, MemberView } from './views.ts';

/** Of a code that belongs to nobody so much of its text is told; nobody reads more of it on a screen. */
export const NOBODYS_SIGNS_MAX = 200;
/** What a code is that belongs to nobody here. */
export const NobodysKind = z.enum(['product', 'logistic', 'phone', 'wallet', 'member-card', 'unknown']);
export type NobodysKind = z.infer<typeof NobodysKind>;

/** What a scan turned out to be. A payment card is refused before it gets here: no digit of it is kept. */
export const ScanResult = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('member'), member: MemberView, cardNumber: z.string() }),
  /** A phone on a code that several members share. */
  z.strictObject({ kind: z.literal('choice'), text: z.string(), members: z.array(MemberHit) }),
  /** A well-formed card number that nobody holds: a form can take it, or enrolment starts with it. */
  z.strictObject({ kind: z.literal('unknown-card'), cardNumber: z.string(), isOwnStock: z.boolean() }),
  /** Well read, and nobody's here. `text` is as scanned, cut to `NOBODYS_SIGNS_MAX`. */
  z.strictObject({ kind: z.literal('not-a-card'), what: NobodysKind, text: z.string() }),
  /** A coupon of a maker or another shop: what it says of itself. A chain's own is a card. */
  z.strictObject({ kind: z.literal('coupon'), text: z.string(), facts: CouponFacts }),
  z.strictObject({ kind: z.enum(['payment-card', 'id-document', 'bad-read']) }),
  /** Nobody is signed in: it is not looked up before somebody is, who then is told of it. */
  z.strictObject({ kind: z.literal('waiting') }),
]);
export type ScanResult = z.infer<typeof ScanResult>;

/** What read it; `magnetic`: a stripe. */
export const ScanSource = z.enum(['serial', 'hid', 'magnetic', 'wedge']);
export type ScanSource = z.infer<typeof ScanSource>;

/** `elsewhere`: signed in at another page; `gone`: no longer on the staff list, or with another PIN. */
export const EndReason = z.enum(['elsewhere', 'idle', 'gone']);
export type EndReason = z.infer<typeof EndReason>;

export const events = {
  /** One for each complete scan; of one that had to wait for a sign-in a second one then. */
  'scan.resolved': z.strictObject({ source: ScanSource, result: ScanResult }),
  /** Rows or own ops changed: read again what is on the screen. Null: anything may have changed. */
  'data.changed': z.strictObject({ memberIds: z.array(MemberId).nullable() }),
  'sync.changed': SyncStatus,
  'scanner.changed': ScannerView,
  /** A device came, went, or stands otherwise; a few times a second at most. */
  'devices.changed': DevicesView,
  /** How far the doctor's three scans are. */
  'devices.learned': Learned,
  'devices.rulesChanged': ScanRules,
  /** The centre answered about a closed day. */
  'day.proven': z.strictObject({ businessDay: z.string() }),
  /** In an office, at the page that it concerns: whoever worked there is signed out. */
  'session.ended': z.strictObject({ reason: EndReason }),
  /** A run of an import went on; four times a second at most. Of managers only. */
  'imports.changed': ImportRun,
  /** For the first time since the start the chain's fifths are there: in which a member is can be said. */
  'segments.drawn': z.strictObject({}),
  /** Session, settings or chain documents changed. */
  'till.changed': z.strictObject({}),
} satisfies Record<string, z.ZodType>;
export type EventName = keyof typeof events;
export type EventOf<Name extends EventName> = z.infer<(typeof events)[Name]>;
