import type { CentreErrorCode } from '../sync/protocol/exchange.ts';
import type { VersionRange } from '../sync/protocol/versions.ts';

const STATUS: Record<CentreErrorCode, number> = {
  bad_request: 400,
  unauthorised: 401,
  bad_signature: 401,
  code_unknown: 404,
  protocol_unsupported: 409,
  till_forked: 409,
  till_lost: 403,
  till_restored: 409,
  send_in_full: 409,
  tseq_gap: 409,
  epoch_changed: 409,
  not_set_up: 409,
  already_set_up: 409,
  busy: 429,
  bug: 500,
};

/** The centre says no, and stays as it was. `message`: what happened, what is safe, what to do. */
export class CentreRefusal extends Error {
  override readonly name = 'CentreRefusal';
  readonly code: CentreErrorCode;
  readonly status: number;
  /** Versions of the protocol that the centre understands, where that is why. */
  readonly protocols: readonly [oldest: number, newest: number] | undefined = undefined;
  constructor(code: CentreErrorCode, message: string, status: number = STATUS[code]) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** The centre does not read the version that a request is in. */
export class ProtocolRefusal extends CentreRefusal {
  override readonly protocols: readonly [oldest: number, newest: number];
  constructor({ oldest, newest }: VersionRange, message: string) {
    super('protocol_unsupported', message);
    this.protocols = [oldest, newest];
  }
}

/** Too much at once: the same request is welcome later. */
export class BusyRefusal extends CentreRefusal {
  /** Seconds after which the caller may come again. */
  readonly retryAfterS: number;
  constructor(what: Readonly<{ status: 429 | 503; retryAfterS: number }>, message: string) {
    super('busy', message, what.status);
    this.retryAfterS = what.retryAfterS;
  }
}

export const notSetUp = (): CentreRefusal =>
  new CentreRefusal(
    'not_set_up',
    'This CRM has no chain yet. Nothing was changed; tills keep their work. Open the address of ' +
      'the CRM in a browser and set it up.',
  );
