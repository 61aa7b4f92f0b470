import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from '@playwright/test';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import { cardOf, openMember, signIn, theBox, ticket, totalOn, untilPressCounts } from './counter.ts';
import { test } from './shop.ts';

const SYNC_MS = 2_000;
/**
 * The first press of a till takes four syncs: the spill file anew, its folder, the record, the op. In front of them and
 * behind them an exchange with the centre may note something, a few syncs each.
 */
const SYNCS_OF_A_PRESS_MAX = 15;
/** Others stamp it too, and count from what they find; none replaces it. */
const coffee = cardOf(KNOWN_MEMBERS.familyFirst, 0);

/** From now on each sync of the process takes two seconds. @returns Ends that. */
async function slowDown(pid: number): Promise<() => Promise<void>> {
  const inject = `inject=fsync,fdatasync:delay_enter=${SYNC_MS * 1000}`;
  const line = ['strace', '-p', String(pid), '-o', '/dev/null', '-e', 'trace=fsync,fdatasync', '-e', inject];
  const [command = '', ...args] = process.getuid?.() === 0 ? line : ['sudo', '-n', ...line];
  const tracer = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  await once(tracer.stderr, 'data');
  const ended = once(tracer, 'exit');
  return async () => {
    tracer.kill('SIGINT');
    await ended;
  };
}

test('a disk of two seconds a sync: the page says "saving" and goes on, and ticks only what is safe (R-D7)', async ({
  launchEnrolled,
}) => {
  const till = await launchEnrolled();
  const { page } = till;
  await signIn(page);
  await openMember(page, coffee.cardNumber, 'Lim Hui Min');
  const card = ticket(page, coffee.cardNumber);
  await expect(card).toBeVisible();
  const before = await totalOn(card);
  const mend = await slowDown(Number(await till.corePid()));
  try {
    await untilPressCounts(page);
    await page.keyboard.press('F2');
    await expect(page.getByTestId('saving')).toBeVisible();
    await theBox(page).fill('While it saves');
    await expect(theBox(page)).toHaveValue('While it saves');
    // Still not safe, and nothing says that it is.
    await expect(page.getByTestId('saving')).toBeVisible();
    await expect(page.getByTestId('outcome')).toHaveCount(0);
    expect(await totalOn(card)).toBe(before);
    await theBox(page).fill('');
    // Once there it stays: only what is slowed on purpose may take this long.
    await expect(page.getByTestId('outcome')).toBeVisible({ timeout: SYNCS_OF_A_PRESS_MAX * SYNC_MS });
    await expect(page.getByTestId('saving')).toHaveCount(0);
  } finally {
    await mend();
  }
  await expect.poll(() => totalOn(card)).toBe(before + 1);
});
