import { AppError, ErrorCode } from '../../electron/contract/errors.ts';

/** Why something did not happen: the code chooses our words, the message is the core's own detail. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  /** For how long it is of no use to try again; absent: not known. */
  readonly waitSeconds?: number;
}

/** What the core sent as a code; one that this page does not know is a bug. */
export const toErrorCode = (code: string): ErrorCode => {
  const known = ErrorCode.safeParse(code);
  return known.success ? known.data : 'bug';
};

export const failureOf = (cause: unknown): Failure =>
  cause instanceof AppError
    ? {
        code: cause.code,
        message: cause.message,
        ...(cause.waitSeconds !== null && { waitSeconds: cause.waitSeconds }),
      }
    : { code: 'bug', message: cause instanceof Error ? cause.message : '' };
