import { z } from 'zod';
import { MemberId, OpId } from '../../sync/base/ids.ts';
import { HeldReason } from '../../sync/model/feed.ts';
import { DayText } from '../../sync/model/member.ts';
import { RevealReason } from './members.ts';
import { query, type Method } from './method.ts';

/** Who did what, and with whom. */
export const LogEntry = z.strictObject({
  opId: OpId,
  atMs: z.int(),
  kind: z.string(),
  actorName: z.string(),
  /** '' where the centre itself did it. */
  tillName: z.string(),
  /** Null: about the chain. */
  memberId: MemberId.nullable(),
  /** '' where she is anonymised, or not in this copy. */
  memberName: z.string(),
  held: HeldReason.nullable(),
  /** Of this till, and not with the centre yet. */
  isPending: z.boolean(),
});
export type LogEntry = z.infer<typeof LogEntry>;

export const LogView = z.strictObject({
  /** `down`: only what this till did itself. */
  line: z.enum(['up', 'down']),
  businessDay: DayText,
  today: DayText,
  entries: z.array(LogEntry),
  /** Where the next page begins, below zero in what this till has by itself; null at the end. */
  after: z.int().nullable(),
  decisions: z.array(
    z.strictObject({
      lineNo: z.int(),
      atMs: z.int(),
      actorName: z.string(),
      action: z.string(),
      objectId: z.string(),
      note: z.string(),
      /** Who stood by it beside her; '' for nobody. */
      secondName: z.string(),
      /** Somebody else who saved the second's newest version, and so may know her PIN; '' for nobody. */
      savedByName: z.string(),
      /** That is whoever acted. */
      isSavedByActor: z.boolean(),
    }),
  ),
  /** There are more decisions of that day than these, the first ones. */
  hasMoreDecisions: z.boolean(),
  /** Whom it may be asked for: everybody of the chain, gone ones too. */
  people: z.array(z.strictObject({ staffId: z.string(), name: z.string() })),
  stores: z.array(z.strictObject({ storeId: z.string(), name: z.string(), nameZh: z.string() })),
});
export type LogView = z.infer<typeof LogView>;

export const ERASURE_TILLS_MAX = 20;

/** Who still has something of an anonymised member. */
export const ErasureView = z.strictObject({
  erasureNo: z.int(),
  memberId: MemberId,
  atMs: z.int(),
  confirmed: z.int(),
  tills: z.int(),
  missing: z
    .array(
      z.strictObject({
        tillId: z.string(),
        name: z.string(),
        storeName: z.string(),
        storeNameZh: z.string(),
        heardAtMs: z.int().nullable(),
        isAway: z.boolean(),
      }),
    )
    .max(ERASURE_TILLS_MAX),
  /** How many more are missing than are named. */
  moreMissing: z.int(),
  /** When the last backup that was made before is dropped. */
  backupsUntilMs: z.int(),
});
export type ErasureView = z.infer<typeof ErasureView>;

export const SIGN_INS_PAGE_MAX = 100;

/**
 * A PIN that was shown here; or of one kind within an hour, refused ones and right ones on the command line. Or a look
 * at a member's masked values: then `outcome` says why, `role` for a manager who opened her.
 */
export const SignInLine = z.strictObject({
  signInNo: z.int(),
  firstMs: z.int(),
  lastMs: z.int(),
  /** Of those that had to wait, the first alone. */
  tries: z.int(),
  /** '' for a name that nobody has. */
  name: z.string(),
  act: z.enum(['sign_in', 'second', 'own_pin', 'look', 'other']).catch('other'),
  outcome: z
    .enum(['right', 'wrong', 'waits', 'elsewhere', 'role', ...RevealReason.options, 'other'])
    .catch('other'),
  place: z.enum(['till', 'support', 'office', 'other']).catch('other'),
  /** '' for a PIN. */
  memberId: z.string(),
  /** '' where she is anonymised, or not in this copy. */
  memberName: z.string(),
});
export type SignInLine = z.infer<typeof SignInLine>;

export const log = {
  /**
   * A business day, action by action. For managers; a supervisor reads the day that runs in her till's shop. '' for
   * everybody, every kind, and in an office every shop.
   */
  'log.list': query(
    z.strictObject({
      businessDay: DayText.nullable(),
      storeId: z.string().max(80).default(''),
      person: z.string().max(80).default(''),
      kind: z.string().max(40).default(''),
      after: z.int().default(0),
    }),
    LogView,
  ),
  /**
   * For managers: who showed a PIN at this till, or whose masked values somebody saw whole here, newest first. No other
   * till and not the centre hears of it.
   */
  'signIns.list': query(
    z.strictObject({ kind: z.enum(['pins', 'looks']).default('pins'), beforeNo: z.int().min(1).nullable() }),
    z.strictObject({ lines: z.array(SignInLine).max(SIGN_INS_PAGE_MAX), nextNo: z.int().nullable() }),
  ),
  /** For managers. Null: nobody could ask the centre. */
  'erasures.list': query(z.strictObject({}), z.strictObject({ erasures: z.array(ErasureView).nullable() })),
} satisfies Record<string, Method>;
