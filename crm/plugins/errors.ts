import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ZodError } from 'zod';
import type { CentreError } from '../../sync/protocol/exchange.ts';
import type { Centre } from '../centre.ts';
import { ApiRefusal } from '../integration/refusal.ts';
import type { ApiError } from '../integration/shapes.ts';
import { toLogged } from '../log.ts';
import { BusyRefusal, CentreRefusal } from '../refusal.ts';
import { askerOf } from './till-auth.ts';

/** Connection trouble, resources, an operator at work: the database will be back. */
const PASSING_DATABASE_ERROR = /^(08|53|57|40)/;
const PASSING_SYSTEM_ERRORS = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOSPC', 'EIO']);

function isPassing(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const code = 'code' in cause ? String(cause.code) : '';
  return (
    PASSING_DATABASE_ERROR.test(code) ||
    PASSING_SYSTEM_ERRORS.has(code) ||
    /timeout exceeded|terminated/.test(cause.message)
  );
}

/** Paths of what is wrong, never the values: they may be personal. */
const describeIssues = (error: ZodError): string =>
  [...new Set(error.issues.map((issue) => issue.path.slice(0, 4).map(String).join('.') || 'body'))]
    .slice(0, 5)
    .join(', ');

function toReply(cause: unknown): { status: number; error: CentreError | ApiError } {
  if (cause instanceof ApiRefusal) {
    const { status, code, message, fields } = cause;
    return { status, error: { code, message, ...(fields.length > 0 && { fields: [...fields] }) } };
  }
  if (cause instanceof CentreRefusal) {
    const { code, message, protocols } = cause;
    return {
      status: cause.status,
      error: { code, message, ...(protocols && { protocols: [...protocols] }) },
    };
  }
  if (cause instanceof ZodError) {
    const message = `The request is not well formed (${describeIssues(cause)}). Nothing was changed.`;
    return { status: 400, error: { code: 'bad_request', message } };
  }
  const status = (cause as Partial<FastifyError> | null)?.statusCode;
  if (status !== undefined && status >= 400 && status < 500) {
    return {
      status,
      error: { code: 'bad_request', message: 'The request could not be read. Nothing was changed.' },
    };
  }
  if (isPassing(cause)) {
    const message =
      'The centre can not reach its database. Nothing was changed. The till tries again by itself.';
    return { status: 503, error: { code: 'busy', message } };
  }
  const message =
    'Something went wrong at the centre. What was acknowledged is safe. See the log of the CRM.';
  return { status: 500, error: { code: 'bug', message } };
}

/** Seconds. A database that is away comes back in some; callers that were told the same must not come together. */
const retryAfterS = (cause: unknown): number => (cause instanceof BusyRefusal ? cause.retryAfterS : 5);

/** An address that can not be read never comes to a route, nor to the handler below. */
export function refuseAddress(cause: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const error: CentreError = {
    code: 'bad_request',
    message: 'The address can not be read. Nothing was changed.',
  };
  void reply.code(cause.statusCode ?? 400).send(error);
}

/**
 * A line for each failure and each refusal: its code, and the till if it proved to be one; never a secret, a body or
 * an address, which can name people. Who is told to come later gets none: a crowd would fill the log, and is counted.
 */
function note(
  { log }: Centre,
  request: FastifyRequest,
  { cause, status, code }: { cause: unknown; status: number; code: string },
): void {
  if (cause instanceof BusyRefusal) return;
  const { url: route } = request.routeOptions;
  // The line alone is shown by `npm start`: it says where and what kind, and nothing of what was asked.
  const what = cause instanceof Error ? cause.name : typeof cause;
  if (status >= 500) log.error({ cause: toLogged(cause), route }, `request failed: ${route ?? ''} (${what})`);
  else log.warn({ audit: code, status, tillId: askerOf(request), method: request.method, route }, 'refused');
}

/** Every failure leaves as `{code, message}`. */
export function addErrors(app: FastifyInstance, centre: Centre): void {
  app.setErrorHandler(async (cause, request, reply) => {
    const { status, error } = toReply(cause);
    centre.counters.refuse(error.code);
    note(centre, request, { cause, status, code: error.code });
    if (error.code === 'busy') void reply.header('retry-after', retryAfterS(cause));
    return reply.code(status).type('application/json').send(error);
  });
  app.addHook('onResponse', async () => centre.counters.add('requests'));
  app.setNotFoundHandler(async (_request, reply) => {
    const error: CentreError = { code: 'bad_request', message: 'There is nothing at this address.' };
    return reply.code(404).send(error);
  });
}
