import { AppError } from '../../electron/contract/errors.ts';
import { contract, type MethodName } from '../../electron/contract/index.ts';
import type { Reply } from '../../electron/contract/port.ts';
import { newId } from '../../sync/base/ids.ts';
import { toErrorCode } from './failure.ts';

/** A call that was open at this many deaths of the core is not sent again: it may be what kills it. */
export const SENDS_MAX = 3;

/** Acts without an op id: sent again they could happen twice, or at a moment when nobody expects them any more. */
const ONCE: ReadonlySet<MethodName> = new Set([
  'till.enrol',
  'session.signIn',
  'session.signOut',
  'sync.run',
  'scans.resolve',
  'devices.identify',
  'devices.tone',
  'devices.learn.start',
  'devices.learn.stop',
]);

interface OpenCall {
  readonly method: MethodName;
  readonly input: unknown;
  readonly resolve: (output: unknown) => void;
  readonly reject: (cause: AppError) => void;
  sendCount: number;
  isSent: boolean;
}

/** Calls that have no answer yet, and what becomes of them when the core comes, answers or dies. */
export function createOpenCalls(post: (message: unknown) => void) {
  // Unique over page loads, so that an answer meant for the page before a reload finds nobody.
  const pageId = newId();
  const open = new Map<string, OpenCall>();
  let callCount = 0;

  const send = (id: string, call: OpenCall): void => {
    call.isSent = true;
    call.sendCount += 1;
    post({ t: 'request', id, method: call.method, input: call.input });
  };
  const refuse = (id: string, cause: AppError): void => {
    open.get(id)?.reject(cause);
    open.delete(id);
  };
  const fail = (id: string, code: AppError['code'], message: string): void =>
    refuse(id, new AppError(code, message));

  return {
    /** Sends at once, or waits for `sendWaiting`. */
    add: (method: MethodName, input: unknown, isAnswering: boolean): Promise<unknown> =>
      new Promise((resolve, reject) => {
        callCount += 1;
        const id = `${pageId}:${callCount}`;
        const call: OpenCall = { method, input, resolve, reject, sendCount: 0, isSent: false };
        open.set(id, call);
        if (isAnswering) send(id, call);
      }),
    sendWaiting: (): void => {
      for (const [id, call] of open) if (!call.isSent) send(id, call);
    },
    /** The core died: a command keeps its op id and a query changes nothing, so both wait for the next core. */
    loseCore: (): void => {
      for (const [id, call] of open) {
        if (!call.isSent) continue;
        if (ONCE.has(call.method) || call.sendCount >= SENDS_MAX) fail(id, 'core_restarted', '');
        else call.isSent = false;
      }
    },
    failAll: (code: AppError['code'], message: string): void => {
      for (const id of [...open.keys()]) fail(id, code, message);
    },
    settle: (reply: Reply): void => {
      const call = open.get(reply.id);
      if (!call) return;
      if (!reply.ok) {
        const { code, message, waitSeconds = null } = reply.error;
        return refuse(reply.id, new AppError(toErrorCode(code), message, { waitSeconds }));
      }
      const output = contract[call.method].output.safeParse(reply.data);
      if (!output.success)
        return fail(reply.id, 'bug', `${call.method}: the answer has another shape than agreed`);
      open.delete(reply.id);
      call.resolve(output.data);
    },
  };
}
