import { AppError, type ErrorCode } from '../../../electron/contract/errors.ts';
import type { CoreClient, MethodName } from '../../../electron/contract/index.ts';

export interface AskedCall {
  readonly method: MethodName;
  readonly input: Record<string, unknown>;
  answer(output: unknown): Promise<void>;
  refuse(code: ErrorCode, message?: string): Promise<void>;
}

/** Lets everything run that waits for a settled promise. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A core whose every answer the test gives itself, in the order it likes. */
export function createScriptedCore() {
  const asked: AskedCall[] = [];
  const calls = new Proxy({} as CoreClient, {
    get: (_target, method: MethodName) => (input: Record<string, unknown>) =>
      new Promise((resolve, reject) => {
        asked.push({
          method,
          input,
          answer: (output) => {
            resolve(output);
            return settled();
          },
          refuse: (code, message = '') => {
            reject(new AppError(code, message));
            return settled();
          },
        });
      }),
  });
  return {
    calls,
    asked,
    /** The last call of all, or of one method. */
    last: (method?: MethodName): AskedCall => {
      const call = asked.findLast((each) => method === undefined || each.method === method);
      if (call === undefined) throw new Error(`nobody asked ${method ?? 'anything'}`);
      return call;
    },
  };
}
