import { expect, test } from 'vitest';
import { startChild } from '../../../build/shop/child.mjs';
import { untilClosed } from '../../../build/shop/shop.mjs';

const node = (script: string) => startChild(process.execPath, ['-e', script], { name: 'probe' });
const STAYS = 'setInterval(() => {}, 1000)';

/** What a shop says at its end, of a till and a centre that do as these scripts say. */
async function endOf(scripts: { till: string; crm: string }): Promise<string> {
  const [till, crm] = [node(scripts.till), node(scripts.crm)];
  const said = await untilClosed({ till, crm, folder: 'the-folder' }).then(
    () => 'closed',
    (cause: Error) => cause.message,
  );
  await Promise.all([till.end(), crm.end()]);
  return said;
}

test('a window that was closed ends the shop without a word', async () => {
  expect(await endOf({ till: '', crm: STAYS })).toBe('closed');
});

test('a till that broke is named, with what is kept and what to do', async () => {
  const said = await endOf({ till: 'process.exit(1)', crm: STAYS });
  expect(said).toContain('The till ended with exit code 1');
  expect(said).toContain('kept in the-folder');
  expect(said).toContain('npm start');
});

test.each([
  ['process.exit(3)', 'exit code 3'],
  ['', 'exit code 0'],
  [`process.kill(process.pid, 'SIGKILL')`, 'SIGKILL'],
])('a centre that ends (%s) is named in whatever way it ended', async (crm, how) => {
  expect(await endOf({ till: STAYS, crm })).toContain(`The central CRM ended with ${how}`);
});
