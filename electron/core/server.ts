import { DbError } from '../../db/errors.ts';
import { isStorable } from '../../sync/base/text.ts';
import { AppError, type ErrorCode } from '../contract/errors.ts';
import { contract, type Input, type MethodName } from '../contract/index.ts';
import type { Port, Reply } from '../contract/port.ts';
import { Request } from '../contract/port.ts';
import { act } from './act.ts';
import type { Core } from './ctx.ts';
import type { Seat } from './seat.ts';

const DB_WORDS: Record<DbError['code'], [ErrorCode, string]> = {
  key_wrong: [
    'key_wrong',
    'The key does not open this till’s files. Nothing was changed; put the right key file back.',
  ],
  damaged: [
    'till_damaged',
    'A file of this till is damaged. Nothing was saved just now; restart the till to repair it.',
  ],
  newer: ['update_needed', 'The data here is from a newer version. Nothing was saved; update this till.'],
  full: [
    'disk_full',
    'The disk is full. This was not saved; all before it is safe. Free some space, then press again.',
  ],
  io: [
    'disk_failed',
    'The disk refused. It is not sure that this was saved; press again, the same action never counts twice.',
  ],
};

/** What a failure says to the caller; null for a bug. */
export function toAppError(cause: unknown): AppError | null {
  if (cause instanceof AppError) return cause;
  if (!(cause instanceof DbError)) return null;
  const [code, message] = DB_WORDS[cause.code];
  const isReplica = cause.file === 'replica' && code === 'till_damaged';
  return new AppError(isReplica ? 'replica_damaged' : code, message, { cause });
}

const isMethod = (name: string): name is MethodName => Object.hasOwn(contract, name);

/** @throws AppError `bad_request`: which part can not be read, never what was in it. */
function readInput(method: MethodName, input: unknown): unknown {
  const parsed = contract[method].input.safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AppError(
      'bad_request',
      `"${issue?.path.join('.') ?? ''}": ${issue?.message ?? 'not readable'}. Nothing was done.`,
    );
  }
  // A body with such text would wait at the centre for ever: here the person can still type it again.
  if (contract[method].access === 'write' && !isStorable(parsed.data)) {
    throw new AppError(
      'bad_request',
      'The text holds signs that are not text. Nothing was done; type it again.',
    );
  }
  return parsed.data;
}

/**
 * Serves the contract on one port: parse the request, check who asks, run the handler, reply. One session per
 * port.
 *
 * @returns A way to stop serving, and one to wait for the calls that are under way: what was set aside at the centre
 * for one of them must not be lost with the file.
 */
export function serve(core: Core, port: Port, seat: Seat) {
  const run = (method: MethodName, input: unknown): unknown => {
    seat.assertAccess(method);
    const asked = readInput(method, input);
    if (method === 'session.signIn') return seat.signIn(asked as Input<'session.signIn'>);
    if (method === 'session.signOut') {
      seat.signOut();
      return {};
    }
    return act(method, seat.ctx(), asked);
  };

  const failure = (id: string, method: string, cause: unknown): Reply => {
    const known = toAppError(cause);
    if (known === null) core.log.error({ err: cause, method }, 'a call failed');
    const error = known ?? {
      code: 'bug',
      message: 'Something went wrong here. What was confirmed before is safe; try again.',
    };
    // A file may also fail behind what was saved.
    const origin = known?.code === 'saved_not_shown' ? known.cause : cause;
    if (origin !== cause) core.log.error({ err: origin, method }, 'saved, but not to be shown');
    if (origin instanceof DbError) core.onDbError(origin);
    const waitSeconds = known?.waitSeconds ?? null;
    const wait = waitSeconds === null ? {} : { waitSeconds };
    return { t: 'reply', id, ok: false, error: { code: error.code, message: error.message, ...wait } };
  };

  const answer = async (id: string, method: string, input: unknown): Promise<void> => {
    let reply: Reply;
    try {
      if (!isMethod(method)) throw new AppError('bad_request', `There is no call "${method}".`);
      const result = run(method, input);
      const data = result instanceof Promise ? ((await result) as unknown) : result;
      reply = { t: 'reply', id, ok: true, data };
    } catch (cause) {
      reply = failure(id, method, cause);
    }
    port.post(reply);
  };

  const underWay = new Set<Promise<void>>();
  const stop = port.onMessage((message) => {
    const request = Request.safeParse(message);
    if (request.success) {
      const answering = answer(request.data.id, request.data.method, request.data.input);
      underWay.add(answering);
      void answering.finally(() => underWay.delete(answering));
    } else core.log.warn('a message that is no request was dropped');
  });
  const settle = async (): Promise<void> => void (await Promise.allSettled(underWay));
  return { stop, settle };
}
