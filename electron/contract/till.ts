import { z } from 'zod';
import { Attribute } from '../../sync/model/attributes.ts';
import { CardType, Chain, Tier } from '../../sync/model/chain.ts';
import { command, openQuery, query, type Method } from './method.ts';
import { Person } from './views.ts';

export const Session = z.strictObject({ person: Person, startedAtMs: z.int() });
export type Session = z.infer<typeof Session>;

export const Preferences = z.strictObject({
  language: z.enum(['en', 'zh']),
  theme: z.enum(['system', 'light', 'dark']),
  isSoundOn: z.boolean(),
});
export type Preferences = z.infer<typeof Preferences>;

/** A tier to choose, and what it gives. */
export const TierChoice = Tier.pick({
  ...{ tierId: true, name: true, nameZh: true, benefits: true, benefitsZh: true, isRetired: true },
});
export type TierChoice = z.infer<typeof TierChoice>;

/** Everything that the screens need to know about where they are. `enrolment` is null on a new till. */
export const TillView = z.strictObject({
  /** What the page is for: one counter, or one of several people of an office. */
  screen: z.enum(['till', 'office']),
  enrolment: z
    .strictObject({
      tillId: z.string(),
      tillName: z.string(),
      storeId: z.string(),
      storeName: z.string(),
      /** Absent: the one name stands in both languages. */
      storeNameZh: z.string().optional(),
      serverUrl: z.string(),
    })
    .nullable(),
  chain: Chain.nullable(),
  cardTypes: z.array(CardType),
  /** What the chain keeps of each card (F40), retired ones with it. */
  cardAttributes: z.array(Attribute),
  /** Tiers by the rules of today, highest first; retired ones with them, for those who still have one. */
  tiers: z.array(TierChoice),
  preferences: Preferences,
  /** Empty until the first answer of the centre has arrived. */
  people: z.array(Person),
  session: Session.nullable(),
  isDemo: z.boolean(),
  businessDay: z.string(),
  cardStock: z.int(),
  /** `low`: somebody should make room soon; `short`: nobody is enrolled any more, all else goes on. */
  disk: z.enum(['enough', 'low', 'short']),
  /** `update_needed` when the files are newer than this program: it reads and sends, and writes nothing. */
  restriction: z.enum(['none', 'update_needed']),
});
export type TillView = z.infer<typeof TillView>;

export const SyncStatus = z.strictObject({
  /** `off` before enrolment; `stopped` when only a person can help (`problem` says how). */
  state: z.enum(['off', 'idle', 'syncing', 'offline', 'stopped']),
  /** Own ops that the centre has not answered for. */
  outstanding: z.int(),
  held: z.int(),
  lastSyncAtMs: z.int().nullable(),
  nextTryAtMs: z.int().nullable(),
  /** How far this PC's clock is ahead of the centre's, negative when behind; 0 within five minutes of it. */
  clockAheadMs: z.int(),
  cursor: z.int(),
  /** True until people, stores and card types have arrived: nobody can sign in before. */
  isFilling: z.boolean(),
  /** Members that have arrived of a whole copy, and of how many; 0 of 0 when none is on its way. */
  members: z.int(),
  membersOf: z.int(),
  problem: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  /** Actions that `till.db` had lost and the spill file saved, since the start; absent for none. */
  rescued: z.int().min(1).optional(),
  /**
   * `till.db` was damaged and made anew. `whole`: nothing is missing; `gap`: only looking up works until the centre has
   * answered; `empty`: a manager sets the till up again, what it had not sent goes to the centre by itself then.
   */
  mended: z.enum(['whole', 'gap', 'empty']).optional(),
});
export type SyncStatus = z.infer<typeof SyncStatus>;

export const ScannerProfile = z.enum(['auto', 'cr', 'lf', 'crlf', 'tab', 'aim cr', 'aim crlf', 'stx-etx']);
export const ScannerView = z.strictObject({
  path: z.string(),
  profile: ScannerProfile,
  state: z.enum(['off', 'absent', 'opening', 'ready', 'gone', 'busy', 'denied']),
  message: z.string(),
  lastScanAtMs: z.int().nullable(),
});
export type ScannerView = z.infer<typeof ScannerView>;

const Fact = z.string().optional();
/** What the signs of a coupon say, each as the decoder writes it; other facts of a scan are left out. */
export const CouponFacts = z.object({
  issuer: Fact,
  reference: Fact,
  value: Fact,
  currency: Fact,
  expiry: Fact,
});
export type CouponFacts = z.infer<typeof CouponFacts>;

export const DayFigures = z.strictObject({
  businessDay: z.string(),
  enrolled: z.int(),
  cardsIssued: z.int(),
  stamps: z.int(),
  pointsCredited: z.int(),
  visits: z.int(),
  creditToppedUp: z.int(),
  redeemed: z.int(),
  total: z.int(),
});
export type DayFigures = z.infer<typeof DayFigures>;

export const till = {
  /** Nothing in, nothing out: measures the way. */
  'core.ping': openQuery(z.strictObject({}), z.strictObject({})),
  'till.get': openQuery(z.strictObject({}), TillView),
  'till.enrol': {
    access: 'open',
    input: z.strictObject({
      serverUrl: z.url().max(200),
      code: z.string().trim().min(8).max(40),
      tillName: z.string().trim().max(40),
    }),
    output: z.strictObject({ tillId: z.string(), storeId: z.string(), members: z.int() }),
  },
  'preferences.set': { access: 'open', input: Preferences.partial(), output: Preferences },
  'session.signIn': {
    access: 'open',
    input: z.strictObject({
      login: z.string().trim().min(1).max(40),
      pin: z.string().min(1).max(20),
      /** In an office: ends the session that the same person has at another page. */
      takesOver: z.boolean().optional(),
    }),
    output: Session,
  },
  'session.signOut': { access: 'open', input: z.strictObject({}), output: z.strictObject({}) },
  'sync.getStatus': openQuery(z.strictObject({}), SyncStatus),
  /** One whole cycle now: until nothing is left to send or fetch, or it fails. */
  'sync.run': openQuery(
    z.strictObject({}),
    z.strictObject({
      pushed: z.int(),
      pulled: z.int(),
      ackedSeq: z.int(),
      cursor: z.int(),
      outstanding: z.int(),
    }),
  ),
  'scanner.get': openQuery(z.strictObject({}), ScannerView),
  /** An empty path switches the serial scanner off. */
  'scanner.set': command(
    z.strictObject({ path: z.string().trim().max(200), profile: ScannerProfile }),
    ScannerView,
  ),
  /** A scan that the page itself read (keyboard wedge): goes the same way as any other. */
  'scans.resolve': query(
    z.strictObject({
      /** As long as a frame of the drivers may be. */
      text: z.string().min(1).max(8192),
      /** What the page's decoder made of it, which knew the code's own word for what it is; found out anew without. */
      kind: z.enum(['product', 'member-card', 'wallet', 'phone', 'coupon', 'logistic', 'unknown']).optional(),
      facts: CouponFacts.optional(),
    }),
    z.strictObject({}),
  ),
  'day.getFigures': query(z.strictObject({}), DayFigures),
  'till.verify': openQuery(
    z.strictObject({}),
    z.strictObject({
      ok: z.boolean(),
      members: z.int(),
      cards: z.int(),
      ownOps: z.int(),
      cursor: z.int(),
      stateHash: z.string(),
      chainHead: z.string(),
      problems: z.array(z.string()),
    }),
  ),
  /** Versions, paths, pragmas in force, devices, sync state. No personal data. */
  'till.diagnose': openQuery(z.strictObject({}), z.record(z.string(), z.unknown())),
} satisfies Record<string, Method>;
