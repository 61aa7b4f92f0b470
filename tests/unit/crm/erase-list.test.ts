import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEraseList } from '../../../crm/erase-list.ts';
import { newId } from '../../../sync/base/ids.ts';
import { projectFolder } from '../../parts/postgres.ts';
import { makeFolder } from '../../parts/till.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = makeFolder();
  path = join(folder, 'kept', 'erased.list');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const one = (atMs: number) => ({ memberId: newId(), atMs });
const idsOf = (erased: readonly { memberId: string }[]): string[] => erased.map(({ memberId }) => memberId);

test('a list that nobody has begun is empty; its folder is made with it, for its owner alone', async () => {
  const list = createEraseList(path);
  expect(await list.read()).toEqual(new Set());
  const named = one(1);
  await list.add([named]);
  expect(await createEraseList(path).read()).toEqual(new Set([named.memberId]));
  const openTo = process.platform === 'win32' ? 0 : statSync(path).mode & 0o077;
  expect(openTo).toBe(0);
});

test('a last line that was torn anywhere is passed over, and hides nothing that comes behind it', async () => {
  const [first, torn, later] = [one(1), one(2), one(3)];
  const list = createEraseList(path);
  await list.add([first]);
  const whole = statSync(path).size;
  await list.add([torn]);
  const bytes = readFileSync(path);
  // The last byte is the end of the line, without which it is whole.
  for (let size = whole; size < bytes.length - 1; size += 1) {
    writeFileSync(path, bytes);
    truncateSync(path, size);
    expect(await list.read()).toEqual(new Set([first.memberId]));
    await list.add([later]);
    expect(await list.read()).toEqual(new Set(idsOf([first, later])));
  }
});

test('what is no line of it is passed over', async () => {
  const [before, behind] = [one(1), one(2)];
  const list = createEraseList(path);
  await list.add([before]);
  appendFileSync(path, `0123456789abcdef {"memberId":"${newId()}","atMs":1}\n\0\0\0\n`);
  await list.add([behind]);
  expect(await list.read()).toEqual(new Set(idsOf([before, behind])));
});

test('several processes add at once, and none tears another’s line', async () => {
  const [processes, each] = [4, 150];
  const script = `
    import { createEraseList } from './crm/erase-list.ts';
    import { newId } from './sync/base/ids.ts';
    const list = createEraseList(process.argv[1]);
    for (let at = 0; at < ${each}; at += 1) {
      const two = [newId(), newId()];
      await list.add(two.map((memberId) => ({ memberId, atMs: at })));
      console.log(two.join(' '));
    }`;
  const flags = ['--experimental-strip-types', '--input-type=module', '-e', script, path];
  const said = await Promise.all(
    Array.from({ length: processes }, async () => {
      const child = spawn(process.execPath, flags, {
        cwd: projectFolder,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let words = '';
      child.stdout.on('data', (chunk: Buffer) => (words += String(chunk)));
      await once(child, 'close');
      return words.split(/\s+/).filter((word) => word !== '');
    }),
  );
  expect(said.flat().length).toBe(processes * each * 2);
  expect(await createEraseList(path).read()).toEqual(new Set(said.flat()));
});

test('a list that can not be written says so, and one that can not be read is not taken for an empty one', async () => {
  mkdirSync(path, { recursive: true });
  const list = createEraseList(path);
  const refused = { name: 'CentreRefusal', code: 'busy', status: 503 };
  await expect(list.add([one(1)])).rejects.toMatchObject({
    ...refused,
    message: expect.stringContaining('list of erasures (EISDIR), so nobody was anonymised') as string,
  });
  await expect(list.read()).rejects.toThrow(`The list of erasures ${path} can not be read (EISDIR)`);
});
