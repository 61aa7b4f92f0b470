import { z } from 'zod';
import { MemberId } from '../../sync/base/ids.ts';
import { ScannerView, SyncStatus } from './till.ts';
import { MemberHit, MemberView } from './views.ts';

/** What a scan turned out to be. A payment card is refused before it gets here: no digit of it is kept. */
export const ScanResult = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('member'), member: MemberView, cardNumber: z.string() }),
  /** A phone on a code that several members share. */
  z.strictObject({ kind: z.literal('choice'), text: z.string(), members: z.array(MemberHit) }),
  /** A well-formed card number that nobody holds: a form can take it, or enrolment starts with it. */
  z.strictObject({ kind: z.literal('unknown-card'), cardNumber: z.string(), isOwnStock: z.boolean() }),
  z.strictObject({ kind: z.literal('not-a-card'), text: z.string() }),
  z.strictObject({ kind: z.literal('payment-card') }),
  z.strictObject({ kind: z.literal('bad-read') }),
  /** Nobody is signed in: it is not looked up before somebody is, who then is told of it. */
  z.strictObject({ kind: z.literal('waiting') }),
]);
export type ScanResult = z.infer<typeof ScanResult>;

export const events = {
  /** One for each complete scan; of one that had to wait for a sign-in a second one then. */
  'scan.resolved': z.strictObject({ source: z.enum(['serial', 'wedge']), result: ScanResult }),
  /** Rows or own ops changed: read again what is on the screen. Null: anything may have changed. */
  'data.changed': z.strictObject({ memberIds: z.array(MemberId).nullable() }),
  'sync.changed': SyncStatus,
  'scanner.changed': ScannerView,
  /** The centre answered about a closed day. */
  'day.proven': z.strictObject({ businessDay: z.string() }),
  /** Session, settings or chain documents changed. */
  'till.changed': z.strictObject({}),
} satisfies Record<string, z.ZodType>;
export type EventName = keyof typeof events;
export type EventOf<Name extends EventName> = z.infer<(typeof events)[Name]>;
