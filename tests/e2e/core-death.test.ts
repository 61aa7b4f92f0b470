import { expect, type Page } from '@playwright/test';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import {
  openMember,
  pressAgain,
  untilPressCounts,
  signIn,
  theBox,
  ticket,
  totalOn,
  cardOf,
} from './counter.ts';
import { test, verify } from './shop.ts';

/** Nobody else's test stamps this card. */
const { replacedCard } = KNOWN_MEMBERS;
const coffee = cardOf(replacedCard, 1);
const KILLS = 5; // More within a minute and main gives up, as it should.

/** The core dies before the press, together with it, or right behind it. */
async function pressWhileDying(page: Page, corePid: number, round: number): Promise<void> {
  const kill = (): void => void process.kill(corePid, 'SIGKILL');
  await untilPressCounts(page);
  if (round % 3 === 0) kill();
  const pressed = page.keyboard.press('F2');
  if (round % 3 === 1) kill();
  await pressed;
  if (round % 3 === 2) kill();
}

test('the core killed in the middle of a press: the page goes on, every stamp counts once, nobody signs in again', async ({
  launchEnrolled,
}) => {
  const till = await launchEnrolled();
  const { page } = till;
  await signIn(page);
  await openMember(page, coffee.cardNumber, 'Yamamoto Kenji');
  const card = ticket(page, coffee.cardNumber);
  await expect(card).toBeVisible();
  const before = await totalOn(card);
  for (let round = 1; round <= KILLS; round += 1) {
    await expect.poll(till.corePid).toBeDefined();
    const pid = Number(await till.corePid());
    await pressWhileDying(page, pid, round);
    await expect.poll(() => totalOn(card)).toBe(before + round);
    await expect.poll(till.corePid).not.toBe(pid);
  }
  await expect(page.getByTestId('restarting')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Demo cashier' })).toBeVisible();
  await expect(theBox(page)).toBeVisible();
  await pressAgain(page, 'F2');
  await expect.poll(() => totalOn(card)).toBe(before + KILLS + 1);
  expect(await verify(till.dataFolder)).toMatchObject({ ok: true, ownOps: KILLS + 1 });
});

test('a page whose process dies is loaded again', async ({ launchTill }) => {
  const till = await launchTill();
  const address = await till.app.evaluate(
    ({ BrowserWindow }) =>
      new Promise<string>((resolve) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        contents?.once('did-finish-load', () => resolve(contents.getURL()));
        contents?.forcefullyCrashRenderer();
      }),
  );
  expect(address).toContain('app://till');
});
