import { z } from 'zod';

/** Everything that a person may be told. Anything else is a bug and comes as `bug`. */
export const ErrorCode = z.enum([
  'bad_request',
  'signin_required',
  'not_allowed',
  'pin_wrong',
  'pin_locked',
  'second_person',
  'till_only',
  'signed_in_elsewhere',
  'page_moved',
  'not_found',
  'ambiguous',
  'member_locked',
  'member_blocked',
  'member_removed',
  'card_lost',
  'card_expired',
  'card_closed',
  'card_replaced',
  'card_number_taken',
  'card_number_invalid',
  'card_stock_empty',
  'action_not_offered',
  'credit_not_allowed',
  'insufficient_balance',
  'offline_limit',
  'offline_too_long',
  'below_minimum',
  'day_limit',
  'hand_limit',
  'coupon_dates',
  'mobile_taken',
  'lookup_id_taken',
  'tier_unknown',
  'tag_reserved',
  'already_undone',
  'undo_too_late',
  'edit_too_late',
  'document_changed',
  'answered_already',
  'credit_left',
  'filter_waits',
  'last_manager',
  'last_store',
  'login_taken',
  'policy_version_used',
  'pin_weak',
  'day_not_closable',
  'import_busy',
  'import_not_ready',
  'op_id_reused',
  'not_enrolled',
  'already_enrolled',
  'centre_unreachable',
  'centre_refused',
  'till_forked',
  'till_lost',
  'in_use',
  'key_missing',
  'key_wrong',
  'till_damaged',
  'till_mending',
  'replica_damaged',
  'saved_not_shown',
  'update_needed',
  'disk_full',
  'disk_short',
  'disk_failed',
  'core_restarted',
  'core_stopped',
  'bug',
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

/**
 * A refusal that the till shows: what happened, what is safe, what to do next. Never personal data in
 * `message`.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  /** For how long it is of no use to try again, where that is known. */
  readonly waitSeconds: number | null;
  constructor(
    code: ErrorCode,
    message: string,
    options: ErrorOptions & { waitSeconds?: number | null } = {},
  ) {
    super(message, options);
    this.code = code;
    this.waitSeconds = options.waitSeconds ?? null;
  }
}
