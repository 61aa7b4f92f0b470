import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEraseList, findEraseList } from '../../../crm/erase-list.ts';
import { nodeCrypto } from '../../../crm/node-crypto.ts';
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

test('profiles of one person that are added together are all in it, or none of them, wherever the line is torn', async () => {
  const [first, pair] = [one(1), [one(2), one(2)]];
  const list = createEraseList(path);
  await list.add([first]);
  const whole = statSync(path).size;
  await list.add(pair);
  const bytes = readFileSync(path);
  for (let size = whole; size < bytes.length - 1; size += 1) {
    writeFileSync(path, bytes.subarray(0, size));
    expect(await list.read()).toEqual(new Set([first.memberId]));
    const later = one(3);
    await list.add([later]);
    expect(await list.read()).toEqual(new Set(idsOf([first, later])));
  }
});

const lineOf = (text: string): string => `${nodeCrypto.sha256Hex(text).slice(0, 16)} ${text}\n`;

test('what is no line of it is passed over and counted; what a later version says besides is no reason to stop', async () => {
  const [before, later, behind] = [one(1), one(2), one(3)];
  const list = createEraseList(path);
  await list.add([before]);
  expect(await list.read()).toEqual(new Set([before.memberId]));
  expect(list.health).toMatchObject({ damagedLines: 0, unknownLines: 0 });
  appendFileSync(path, `0123456789abcdef {"memberIds":["${newId()}"],"atMs":1}\n\0\0\0\n`);
  appendFileSync(path, lineOf(JSON.stringify({ memberIds: [later.memberId], atMs: 'late', why: 'asked' })));
  appendFileSync(path, lineOf('{"shops":["first"]}'));
  await list.add([behind]);
  appendFileSync(path, '0123456789abcdef {"memb');
  expect(await list.read()).toEqual(new Set(idsOf([before, later, behind])));
  expect(list.health).toMatchObject({ damagedLines: 2, unknownLines: 1 });
});

test('whom it has named once it names for as long as the process lives, whatever becomes of the file', async () => {
  const [first, second] = [one(1), one(2)];
  const list = createEraseList(path);
  await list.add([first]);
  rmSync(path);
  await list.add([second]);
  expect([await list.read(), await list.named()]).toEqual([
    new Set([second.memberId]),
    new Set(idsOf([first, second])),
  ]);
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
    message: expect.stringContaining('list of erasures (EISDIR). Nobody was anonymised') as string,
  });
  expect(list.health.isWritable).toBe(false);
  await expect(list.read()).rejects.toThrow(`The list of erasures ${path} can not be read (EISDIR)`);
});

test('who asks is told that nothing was changed only where that is so', async () => {
  const saidOf = (device: string): Promise<string> => {
    rmSync(path, { force: true });
    symlinkSync(device, path);
    return createEraseList(path)
      .add([one(1)])
      .then(
        () => 'added',
        (cause: Error) => cause.message,
      );
  };
  mkdirSync(join(folder, 'kept'));
  // A disk that is full takes no byte; the other takes all of them and can not say that it has them.
  expect(await saidOf('/dev/full')).toContain('(ENOSPC). Nobody was anonymised and nothing was changed');
  const unsure = await saidOf('/dev/null');
  expect(unsure).toContain('(EINVAL). It may yet be done by itself; nothing is lost');
  expect([unsure.includes('nothing was changed'), unsure.includes('Ask again in a minute')]).toEqual([
    false,
    true,
  ]);
});

test('a place that its owner names is never made: a disk that is not there is no empty list', async () => {
  const named = findEraseList({ folder, file: path, database: null });
  await expect(named?.add([one(1)])).rejects.toMatchObject({ code: 'busy' });
  await expect(named?.tryOpen()).rejects.toMatchObject({ code: 'ENOENT' });
  expect(existsSync(join(folder, 'kept'))).toBe(false);
});

test('each database has a list of its own in a folder; the embedded one’s folder is its own', async () => {
  const fileOf = (database: string | null) => findEraseList({ folder, file: undefined, database })?.file;
  const [shop, copy] = [fileOf('db:5432/shop'), fileOf('db:5432/copy')];
  expect([shop === copy, fileOf('db:5432/shop'), fileOf(null)]).toEqual([
    ...[false, shop, join(folder, 'erased.list')],
  ]);
  const [list, other] = ['db:5432/shop', 'db:5432/copy'].map((database) =>
    findEraseList({ folder, file: undefined, database }),
  );
  await other?.add([one(1)]);
  expect([await list?.read(), await list?.listOthers()]).toEqual([new Set(), [basename(copy ?? '')]]);
});
