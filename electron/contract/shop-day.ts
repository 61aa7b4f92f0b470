import { z } from 'zod';
import { HeldReason } from '../../sync/model/feed.ts';
import { DayText } from '../../sync/model/member.ts';
import { command, query, type Method } from './method.ts';
import { Balance } from './views.ts';

const Sum = { count: z.int(), purchases: z.int(), spentMinor: z.int() };
const Named = { id: z.string(), name: z.string(), nameZh: z.string() };

/** One till of a shop on a day: how much of it is in the figures, and what is not, and why. */
export const ShopTill = z.strictObject({
  tillId: z.string(),
  name: z.string(),
  isOwn: z.boolean(),
  state: z.enum(['live', 'quarantined', 'lost']),
  /** Its whole day is in the figures. */
  isWhole: z.boolean(),
  /** All that it did before then is in them; null where nobody can say. */
  completeToMs: z.int().nullable(),
  /** When the centre heard of it last; null where nobody can say. */
  heardAtMs: z.int().nullable(),
  /** It has not been heard of for a while. */
  isSilent: z.boolean(),
  /** Actions that it has and that the centre has not. */
  outstanding: z.int(),
  /** The centre has more of it than this copy. */
  isOnTheWay: z.boolean(),
  /** What of the day waits for a manager. */
  held: z.array(z.strictObject({ reason: HeldReason, count: z.int() })),
  close: z.strictObject({ closedAtMs: z.int(), verdict: z.enum(['equal', 'differs']).nullable() }).nullable(),
});
export type ShopTill = z.infer<typeof ShopTill>;

export const ShopDay = z.strictObject({
  businessDay: DayText,
  /** The day that runs now: none later has figures. */
  today: DayText,
  store: z.strictObject(Named),
  /** Shops that may be asked for. */
  stores: z.array(z.strictObject(Named)),
  /** When the centre said what it knows of the tills; null where it never did. */
  toldAtMs: z.int().nullable(),
  /** `down`: what it said is of then, not of now. */
  line: z.enum(['up', 'down']),
  /** When this copy last heard of anything new. */
  copyAtMs: z.int().nullable(),
  tills: z.array(ShopTill),
  totals: z.strictObject(Sum),
  /** No units: one kind moves stamps, points, visits and money alike. */
  kinds: z.array(z.strictObject({ kind: z.string(), ...Sum })),
  cashiers: z.array(z.strictObject({ ...Named, ...Sum })),
  programmes: z.array(
    z.strictObject({ ...Named, unit: Balance.shape.unit, given: z.int(), taken: z.int(), ...Sum }),
  ),
  hours: z.array(z.int()).length(24),
});
export type ShopDay = z.infer<typeof ShopDay>;

export const shopDay = {
  /**
   * A shop's business day over all its tills, as far as this copy reaches, with this till's own actions. For
   * supervisors. Null: the day that runs now; the shop of this till. Only an office has other shops.
   */
  'day.getShop': query(
    z.strictObject({ businessDay: DayText.nullable(), storeId: z.string().max(80).nullable() }),
    ShopDay,
  ),
  /**
   * Tells the centre that another till does not come back: it is stopped for good, and what was set aside for it is
   * free. For a manager, whose PIN the centre checks. The same again changes nothing. Nothing is done without a line.
   */
  'tills.reportLost': command(
    z.strictObject({ tillId: z.string().min(1).max(80), pin: z.string().max(20) }),
    z.strictObject({ ok: z.literal(true) }),
  ),
} satisfies Record<string, Method>;
