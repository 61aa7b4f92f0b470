import type { ApiErrorCode, FieldProblem } from './shapes.ts';

const STATUS: Record<ApiErrorCode, number> = {
  bad_request: 400,
  unauthorised: 401,
  not_allowed: 403,
  not_found: 404,
  values_refused: 422,
  values_taken: 409,
  version_missing: 428,
  version_changed: 412,
  request_key_missing: 400,
  request_key_reused: 422,
  member_closed: 410,
  epoch_changed: 409,
  not_set_up: 409,
  busy: 429,
};

/** The centre says no to another system, and stays as it was. `message`: what happened, what is safe, what to do. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly code: ApiErrorCode;
  readonly status: number;
  /** What is wrong with which field; never its value. */
  readonly fields: readonly FieldProblem[];
  constructor(code: ApiErrorCode, message: string, fields: readonly FieldProblem[] = []) {
    super(message);
    this.code = code;
    this.status = STATUS[code];
    this.fields = fields;
  }
}
