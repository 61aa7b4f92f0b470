import { expect, test } from 'vitest';
import { CentreFault } from '../../../../electron/core/centre-client.ts';
import { eachOf } from '../../../../electron/core/each-of.ts';

const fault = (kind: CentreFault['kind'], code: string): CentreFault => new CentreFault({ kind, code }, code);

test.each([
  { cause: fault('refused', 'bad_request'), done: ['first', 'last'] },
  { cause: fault('nonsense', 'http_413'), done: ['first', 'last'] },
  { cause: fault('busy', 'bug'), done: ['first', 'last'] },
  { cause: fault('busy', 'busy'), done: ['first'] },
  { cause: fault('unreachable', 'unreachable'), done: ['first'] },
  { cause: new Error('the disk'), done: ['first'] },
])('after $cause.message there were: $done; the fault is told all the same', async ({ cause, done }) => {
  const seen: string[] = [];
  const steps = [
    async () => seen.push('first'),
    () => Promise.reject(cause),
    async () => seen.push('last'),
    () => Promise.reject(fault('refused', 'told by nobody')),
  ];
  await expect(eachOf(steps)).rejects.toBe(cause);
  expect(seen).toEqual(done);
});
