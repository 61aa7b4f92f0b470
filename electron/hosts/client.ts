import { randomUUID } from 'node:crypto';
import { AppError, ErrorCode } from '../contract/errors.ts';
import { contract, type CoreClient, type MethodName } from '../contract/index.ts';
import { type Port, Reply } from '../contract/port.ts';

interface OpenCall {
  resolve: (data: unknown) => void;
  reject: (cause: Error) => void;
}

/**
 * Typed calls over a port. Replies are parsed with the contract's schemas; a refusal comes as the AppError
 * that the core threw. When the other end goes away, open and later calls fail with `core_stopped`: what
 * was saved stays saved, and a command may be sent again with its op id.
 */
export function createCoreClient(port: Port): CoreClient {
  const openCalls = new Map<string, OpenCall>();
  const prefix = randomUUID().slice(0, 8);
  let calls = 0;
  let isGone = false;

  port.onMessage((message) => {
    const reply = Reply.safeParse(message).data;
    const call = reply && openCalls.get(reply.id);
    if (!reply || !call) return;
    openCalls.delete(reply.id);
    if (reply.ok) call.resolve(reply.data);
    else {
      const { code, message, waitSeconds = null } = reply.error;
      call.reject(new AppError(toCode(code), message, { waitSeconds }));
    }
  });
  port.onClose?.(() => {
    isGone = true;
    for (const call of openCalls.values()) call.reject(coreStopped());
    openCalls.clear();
  });

  const call = async (method: MethodName, input: unknown): Promise<unknown> => {
    if (isGone) throw coreStopped();
    const id = `${prefix}-${(calls += 1)}`;
    const answer = new Promise<unknown>((resolve, reject) => openCalls.set(id, { resolve, reject }));
    port.post({ t: 'request', id, method, input });
    return contract[method].output.parse(await answer);
  };
  const methods = Object.keys(contract) as MethodName[];
  // Cast: TypeScript can not link each name to its own schemas; `call` parses with the schema of that very
  // name.
  return Object.fromEntries(
    methods.map((method) => [method, (input: unknown) => call(method, input)]),
  ) as CoreClient;
}

const toCode = (code: string): ErrorCode => ErrorCode.safeParse(code).data ?? 'bug';

const coreStopped = (): AppError =>
  new AppError(
    'core_stopped',
    'The till stopped while it was asked. What it had confirmed is saved. Start it and ask again.',
  );
