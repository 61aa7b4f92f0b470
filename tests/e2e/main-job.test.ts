import { expect, type Page } from '@playwright/test';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import {
  chip,
  chooseByArrows,
  choosePersonByKeys,
  enterPin,
  expectBalance,
  field,
  memberName,
  newestEntry,
  scanNotice,
  syncNow,
  theBox,
  ticket,
  typeKeys,
  untilScannerReady,
  cardOf,
} from './counter.ts';
import type { PtyCable } from '../parts/pty.ts';
import type { Till } from './launch.ts';
import { cli, type Shop, test, verify } from './shop.ts';

const { weiLing } = KNOWN_MEMBERS;
const coffee = cardOf(weiLing, 0);
const points = cardOf(weiLing, 1);
/** Pre-printed cards with a right check digit that the demo has given to nobody. */
const FRESH_CARD = '6035559999999981';
const NEW_MOBILE = '+6588812345';

const stubOf = (page: Page, name: string) =>
  page.getByTestId('card-ticket').filter({ has: page.getByRole('heading', { name }) });

interface Scene {
  till: Till;
  page: Page;
  cable: PtyCable;
  line: Shop;
  newTill(): Promise<string>;
}

async function scanWithFocusElsewhere({ page, cable }: Scene): Promise<void> {
  await page.getByTestId('person-menu').focus();
  await expect(theBox(page)).not.toBeFocused();
  cable.send(`${coffee.cardNumber}\r`);
  await expect(memberName(page)).toHaveText('Tan Wei Ling');
  await expect(ticket(page, coffee.cardNumber)).toHaveAttribute('data-front', 'true');
  await expectBalance(page, coffee.cardNumber, [6, 0]);
}

async function stampOnce({ page }: Scene): Promise<void> {
  await page.keyboard.press('F2');
  await expect(page.getByTestId('outcome')).toContainText('+1 stamp');
  await expectBalance(page, coffee.cardNumber, [7, 0]);
  await expect(newestEntry(page)).toHaveAttribute('data-sync', 'synced');
}

async function creditPurchase({ page, cable }: Scene): Promise<void> {
  cable.send(`${points.cardNumber}\r`);
  await expect(ticket(page, points.cardNumber)).toHaveAttribute('data-front', 'true');
  await page.keyboard.press('F2');
  await typeKeys(page, '12.50');
  await expect(page.getByTestId('preview')).toContainText(/Gives [1-9]/);
  await page.keyboard.press('Tab');
  await expect(field(page, 'receipt')).toBeFocused();
  await typeKeys(page, 'R-8812');
  await page.keyboard.press('Enter');
  await expect(newestEntry(page)).toContainText('receipt R-8812');
  await expect(newestEntry(page)).toContainText('12.50');
  await expect(newestEntry(page)).toHaveAttribute('data-sync', 'synced');
}

async function enrolWithScannedCard({ page, cable }: Scene): Promise<void> {
  await page.keyboard.press('F5');
  await expect(field(page, 'lastName')).toBeFocused();
  await typeKeys(page, 'Ng');
  await page.keyboard.press('Tab');
  await typeKeys(page, 'Bee Hoon');
  await page.keyboard.press('Tab');
  await typeKeys(page, '8881 2345');
  cable.send(`${FRESH_CARD}\r`);
  await expect(field(page, 'card-number')).toHaveValue(FRESH_CARD);
  await expect(scanNotice(page)).toContainText('is in the form');
  await expect(field(page, 'lastName')).toHaveValue('Ng');
  await expect(field(page, 'firstName')).toHaveValue('Bee Hoon');
  await expect(field(page, 'mobile')).toHaveValue('8881 2345');
  await expect(field(page, 'mobile')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(memberName(page)).toHaveText('Ng Bee Hoon');
  await expectBalance(page, FRESH_CARD, [0, 0]);
}

async function issueAnotherCard({ page }: Scene): Promise<void> {
  await page.keyboard.press('F6');
  await chooseByArrows(page, 'Points Points');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('card-ticket')).toHaveCount(2);
  await expect(stubOf(page, 'Points')).toHaveAttribute('data-front', 'true');
  await syncNow(page);
}

async function goOnWithoutLine({ page, cable, line }: Scene): Promise<void> {
  await line.cut();
  cable.send(`${coffee.cardNumber}\r`);
  await expect(memberName(page)).toHaveText('Tan Wei Ling');
  await page.keyboard.press('F3');
  await expect(page.getByTestId('outcome')).toContainText('Saved on this till.');
  await expectBalance(page, coffee.cardNumber, [7, 2]);
  await expect(newestEntry(page)).toContainText('saved here');
  await expect(newestEntry(page)).toHaveAttribute('data-sync', 'saved');
  await expect(chip(page)).toHaveAttribute('data-state', 'offline');
  await expect(chip(page)).toHaveText('Offline · 1 waiting');
}

async function sendWhenLineIsBack({ page, line }: Scene): Promise<void> {
  await line.mend();
  await expect(newestEntry(page)).toHaveAttribute('data-sync', 'synced', { timeout: 30_000 });
  await expectBalance(page, coffee.cardNumber, [9, 0]);
  await expect(chip(page)).toContainText('All sent');
}

async function compareSecondTill({ till, newTill }: Scene): Promise<void> {
  const second = await newTill();
  const found = (await cli(['lookup', coffee.cardNumber, '--data', second])) as {
    members: { cards: { number: string; balance: { confirmed: number; pending: number } }[] }[];
  };
  const stamps = found.members[0]?.cards.find(({ number }) => number === coffee.cardNumber);
  expect(stamps?.balance).toMatchObject({ confirmed: 9, pending: 0 });
  const enrolled = await cli(['lookup', NEW_MOBILE, '--data', second]);
  expect(enrolled).toMatchObject({ members: [{ name: 'Ng Bee Hoon' }] });
  expect(JSON.stringify(enrolled)).toContain(FRESH_CARD);
  await cli(['sync', '--data', till.dataFolder]);
  const [first, other] = [await verify(till.dataFolder), await verify(second)];
  expect(first).toMatchObject({ ok: true, ownOps: 5 });
  expect({ cursor: other.cursor, stateHash: other.stateHash, members: other.members }).toEqual({
    cursor: first.cursor,
    stateHash: first.stateHash,
    members: first.members,
  });
}

test('the main job: scan, stamp, credit, enrol, issue, without a line and with it, and a second till agrees', async ({
  launchEnrolled,
  newTill,
  line,
  cable,
}) => {
  const till = await launchEnrolled({ env: { COUNTERFOIL_SCANNER: `${cable.path},auto` } });
  const scene: Scene = { till, page: till.page, cable, line, newTill };
  const { page } = till;
  await choosePersonByKeys(page, 'cashier');
  await enterPin(page, DEMO_PINS.cashier);
  await expect(theBox(page)).toBeFocused();
  await untilScannerReady(page);

  await test.step('a scan shows the member wherever the focus is', () => scanWithFocusElsewhere(scene));
  await test.step('one key stamps', () => stampOnce(scene));
  await test.step('a purchase with its receipt gives points', () => creditPurchase(scene));
  await test.step('a card scanned into an open enrolment fills it, and what was typed stays', () =>
    enrolWithScannedCard(scene));
  await test.step('another card is issued beside the first', () => issueAnotherCard(scene));
  await test.step('without a line everything goes on and says so', () => goOnWithoutLine(scene));
  await test.step('with the line back it is sent by itself', () => sendWhenLineIsBack(scene));
  await test.step('a second till sees the same', () => compareSecondTill(scene));
});
