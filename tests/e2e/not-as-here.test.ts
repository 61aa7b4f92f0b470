import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { Client } from 'pg';
import { ROOT } from '../../build/targets.mjs';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import { fakeClock } from '../parts/fake-clock.ts';
import { startPostgres } from '../parts/postgres.ts';
import { createCamera } from './camera.ts';
import { cardOf, openMember, openSettings, pressAgain, signIn, syncNow, tabAndPress } from './counter.ts';
import { seededFolder, test } from './shop.ts';

const coffee = cardOf(KNOWN_MEMBERS.replacedCard, 1).cardNumber;
const FOLDER = join(ROOT, 'out/pictures-not-as-here');
const DEMO = { COUNTERFOIL_DEMO: '1' };
const STAMPS = 3;

async function stamp(page: Page): Promise<void> {
  await openMember(page, coffee, 'Yamamoto Kenji');
  await page.keyboard.press('F2');
  await expect(page.getByTestId('outcome')).toBeVisible();
}

/** What no program of ours does: somebody reaches into the centre's own tables. */
async function meddle(databaseUrl: string): Promise<{ tseq: number }> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ op_id: string; tseq: string }>(
      "select op_id, tseq from ops where kind = 'stamp.added' order by seq desc limit 1",
    );
    const [last] = rows;
    if (last === undefined) throw new Error('the centre has no stamp');
    const done = await client.query('update entries set delta = 5 where op_id = $1', [last.op_id]);
    expect(done.rowCount).toBe(1);
    return { tseq: Number(last.tseq) };
  } finally {
    await client.end();
  }
}

async function openCloseDay(page: Page): Promise<void> {
  await page.keyboard.press('F10');
  await page.getByRole('menuitem', { name: /Close of the day|日结/ }).press('Enter');
  await expect(page.getByTestId('certificate')).toBeVisible();
}

async function toChinese(page: Page): Promise<void> {
  await openSettings(page);
  await page.getByText('简体中文').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
}

test('a centre whose ledger was changed behind the program: the closed day differs, and says where', async ({
  newFolder,
  startCentre,
  launchTill,
}) => {
  test.setTimeout(180_000);
  const postgres = await startPostgres();
  try {
    const databaseUrl = await postgres.createDatabase();
    const centre = await startCentre({ env: { DATABASE_URL: databaseUrl } });
    const dataFolder = await newFolder();
    await centre.enrol(dataFolder);
    const till = await launchTill({ dataFolder, env: DEMO });
    const { page } = till;
    const take = createCamera(till, FOLDER);
    await signIn(page, 'manager');
    await stamp(page);
    for (let more = 1; more < STAMPS; more += 1) await pressAgain(page, 'F2');
    await syncNow(page);
    const { tseq } = await meddle(databaseUrl);
    await openCloseDay(page);
    await tabAndPress(page, page.getByTestId('close-now'));
    await tabAndPress(page, page.getByTestId('close-yes'));
    await syncNow(page);
    await expect(page.getByTestId('certificate')).toHaveAttribute('data-proof', 'differs');
    await expect(page.getByTestId('proof')).toHaveText('Differs');
    const differences = page.getByTestId('differences');
    await expect(differences).toContainText('1 action is not the same at the centre');
    await expect(differences.locator('li')).toHaveCount(1);
    await expect(differences.locator(`[data-tseq="${tseq}"]`)).toContainText('another amount was booked');
    await expect(page.getByTestId('proven')).toHaveCount(0);
    await take('01-day-differs');
    await toChinese(page);
    await openCloseDay(page);
    await expect(page.getByTestId('certificate')).toHaveAttribute('data-proof', 'differs');
    await take('02-day-differs-chinese');
    await till.close();
    await centre.end();
  } finally {
    await postgres.stop();
  }
});

test('a till whose PC has another time than the centre says so calmly, in both languages, and sells', async ({
  newFolder,
  startCentre,
  launchTill,
}) => {
  const crm = await newFolder();
  await cp(await seededFolder(), crm, { recursive: true });
  const centre = await startCentre({ dataFolder: crm, env: { ...fakeClock(), FAKETIME: '+3h' } });
  const dataFolder = await newFolder();
  await centre.enrol(dataFolder);
  const till = await launchTill({ dataFolder, env: DEMO });
  const { page } = till;
  const take = createCamera(till, FOLDER);
  await signIn(page);
  const notice = page.getByTestId('clock-off');
  await expect(notice).toContainText("This PC's clock is 3 hours behind");
  await take('03-clock-off');
  await stamp(page);
  await syncNow(page);
  await toChinese(page);
  await expect(notice).toContainText('这台电脑的时钟慢了3小时');
  await take('04-clock-off-chinese');
});
