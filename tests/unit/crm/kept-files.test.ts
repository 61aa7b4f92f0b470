import { expect, test } from 'vitest';
import { createKeptFiles } from '../../../crm/feed/kept-files.ts';

/** Files of ten bytes each, and how often each was looked for. */
function makeStore() {
  const looks: string[] = [];
  const find = (sha256: string, body: Buffer | undefined = Buffer.alloc(10)) => {
    return async (): Promise<Buffer | undefined> => {
      looks.push(sha256);
      return body;
    };
  };
  return { looks, find };
}

test('a file is looked for once, also by many at the same time', async () => {
  const { looks, find } = makeStore();
  const keep = createKeptFiles(30);
  const both = await Promise.all([keep('a', find('a')), keep('a', find('a'))]);
  expect(both[0]).toBe(both[1]);
  await keep('a', find('a'));
  expect(looks).toEqual(['a']);
});

test('what was used longest ago goes first when there is too much', async () => {
  const { looks, find } = makeStore();
  const keep = createKeptFiles(20);
  for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await keep(name, find(name));
  expect(looks).toEqual(['a', 'b', 'c', 'b']);
});

test('a file that is not there, or could not be read, is looked for again', async () => {
  const { looks, find } = makeStore();
  const keep = createKeptFiles(20);
  const missing = async (): Promise<undefined> => void looks.push('none');
  expect(await keep('a', missing)).toBe(undefined);
  await expect(keep('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await keep('a', find('a'))).toHaveLength(10);
  expect(looks).toEqual(['none', 'a']);
});
