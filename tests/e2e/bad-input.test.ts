import { expect, type Page } from '@playwright/test';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import { KNOWN_MEMBERS } from '../../crm/demo/known.ts';
import {
  choosePerson,
  enterPin,
  failure,
  field,
  openMember,
  pressAgain,
  signIn,
  theBox,
  ticket,
  type,
  cardOf,
} from './counter.ts';
import { test, verify } from './shop.ts';
import type { Till } from './launch.ts';

const { weiLing, chenWei, locked, blocked, lostCard, replacedCard, accents } = KNOWN_MEMBERS;
const UNKNOWN_CARD = '6035557777777769';

/** The keys of everything that a card can do. */
async function pressAllDeeds(page: Page): Promise<void> {
  for (const key of ['F2', 'F3', 'F4', 'F8']) await pressAgain(page, key);
  await expect(page.getByTestId('panel')).toHaveCount(0);
}

async function openCard(page: Page, cardNumber: string, name: string): Promise<void> {
  await openMember(page, cardNumber, name);
  await expect(ticket(page, cardNumber)).toHaveAttribute('data-front', 'true');
}

test('cards and members that can not be served say why, and nothing is saved', async ({ launchEnrolled }) => {
  const { page, dataFolder } = await launchEnrolled();

  await test.step('a wrong PIN', async () => {
    await choosePerson(page, 'cashier');
    await enterPin(page, '111111');
    await expect(failure(page)).toHaveAttribute('data-code', 'pin_wrong');
    await expect(failure(page)).toContainText('That PIN is not right');
    await expect(field(page, 'pin')).toHaveValue('');
    await expect(field(page, 'pin')).toBeFocused();
    await enterPin(page, DEMO_PINS.cashier);
    await expect(page.getByTestId('home')).toBeVisible();
  });

  await test.step('a card of nobody', async () => {
    await theBox(page).fill(UNKNOWN_CARD);
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('results')).toContainText('No member holds this card yet.');
    await expect(page.getByRole('button', { name: 'Enrol with this card' })).toBeVisible();
  });
  await test.step('a half-typed phone', async () => {
    await theBox(page).fill('911');
    await expect(page.getByTestId('results')).toContainText('Four digits of a phone number are enough.');
  });
  await test.step('a lost card', async () => {
    await openCard(page, cardOf(lostCard, 0).cardNumber, 'Nair Priya');
    await expect(ticket(page, cardOf(lostCard, 0).cardNumber)).toContainText('Lost');
    await expect(page.getByText('Reported lost.')).toBeVisible();
    await pressAllDeeds(page);
  });
  await test.step('an expired card', async () => {
    await openCard(page, cardOf(accents, 0).cardNumber, 'Lefèvre Élodie');
    await expect(ticket(page, cardOf(accents, 0).cardNumber)).toContainText('Expired');
    await expect(page.getByText('Expired. Another card can be issued.')).toBeVisible();
    await pressAllDeeds(page);
  });
  await test.step('a replaced card', async () => {
    await openCard(page, cardOf(replacedCard, 0).cardNumber, 'Yamamoto Kenji');
    await expect(ticket(page, cardOf(replacedCard, 0).cardNumber)).toContainText('Replaced');
    await expect(page.getByText('its balance is on the newer card')).toBeVisible();
    await pressAllDeeds(page);
  });
  await test.step('a locked member', async () => {
    await openMember(page, locked.mobile, 'binte Ahmad Nur Aisyah');
    await expect(page.getByTestId('state-notice')).toContainText('earns and spends nothing');
    await pressAllDeeds(page);
  });
  await test.step('a blocked member', async () => {
    await openMember(page, blocked.mobile, 'Lee Marcus');
    await expect(page.getByTestId('state-notice')).toContainText('no service until a manager unblocks');
    await pressAllDeeds(page);
  });
  expect(await verify(dataFolder)).toMatchObject({ ok: true, ownOps: 0 });
});

test('amounts and cards that a member can not have say why, and nothing is saved', async ({
  launchEnrolled,
}) => {
  const { page, dataFolder } = await launchEnrolled();
  await signIn(page);
  await test.step('more than is on the card', async () => {
    await openCard(page, cardOf(chenWei, 1).cardNumber, '陈伟');
    await pressAgain(page, 'F2');
    await type(page, '99.00');
    await expect(page.getByTestId('preview')).toContainText('Not enough: there are $42.50');
    await page.keyboard.press('Enter');
    await expect(failure(page)).toHaveAttribute('data-code', 'insufficient_balance');
    await expect(field(page, 'amount')).toHaveValue('99.00');
    await page.keyboard.press('Escape');
  });
  await test.step('no amount at all', async () => {
    await openCard(page, cardOf(weiLing, 1).cardNumber, 'Tan Wei Ling');
    await pressAgain(page, 'F2');
    await expect(field(page, 'amount')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByText('Enter a number greater than zero.')).toBeVisible();
    await page.keyboard.press('Escape');
  });
  await test.step('credit for a member who may not use it', async () => {
    await pressAgain(page, 'F6');
    await page.getByTestId('panel').getByText('Prepaid', { exact: true }).click();
    await page.getByTestId('panel-submit').click();
    await expect(failure(page)).toHaveAttribute('data-code', 'credit_not_allowed');
    await expect(failure(page)).toContainText('This member may not use credit');
    await page.keyboard.press('Escape');
  });
  expect(await verify(dataFolder)).toMatchObject({ ok: true, ownOps: 0 });
});

test('an enrolment that can not be is stopped at its field, keeps what was typed and saves nothing', async ({
  launchEnrolled,
}) => {
  const { page, dataFolder } = await launchEnrolled();
  await signIn(page);
  await page.keyboard.press('F5');
  await field(page, 'lastName').fill('Somebody');

  await test.step('the basis of the service can not be switched off, news can (F120, F121)', async () => {
    const basis = page.getByRole('checkbox', { name: /^Agrees to the service terms/ });
    const news = page.getByRole('checkbox', { name: /^May receive offers/ });
    for (const tick of [basis, news]) await expect(tick).toBeChecked();
    for (const tick of [basis, news]) {
      await tick.focus();
      await page.keyboard.press('Space');
    }
    await expect(news).not.toBeChecked();
    await expect(basis).toBeChecked();
  });
  await test.step('a taken mobile, while it is being typed', async () => {
    await field(page, 'mobile').focus();
    await type(page, '9111 0001');
    await expect(page.getByTestId('duplicates')).toContainText('Tan Wei Ling has this mobile number already');
    await field(page, 'lastName').press('Enter');
    await expect(page.getByTestId('enrolment')).toBeVisible();
    await expect(field(page, 'lastName')).toHaveValue('Somebody');
    await expect(field(page, 'mobile')).toBeFocused();
    await expect(field(page, 'mobile')).toBeInViewport();
  });
  await test.step('a half-typed mobile', async () => {
    await field(page, 'mobile').fill('9111');
    await page.keyboard.press('Enter');
    await expect(
      page
        .getByTestId('enrolment')
        .getByText(/mobile number|phone number/i)
        .first(),
    ).toBeVisible();
    await expect(page.getByTestId('enrolment')).toBeVisible();
  });
  await test.step('one digit short', async () => {
    await field(page, 'mobile').fill('9111000');
    await expect(page.getByTestId('duplicates')).toHaveCount(0);
    await page.keyboard.press('Enter');
    await expect(page.locator('[data-testid="failure"], [aria-invalid="true"]').first()).toBeVisible();
    await expect(page.getByTestId('enrolment')).toBeVisible();
  });
  await test.step('a day that never was', async () => {
    await field(page, 'mobile').fill('8123 9876');
    await expect(page.getByTestId('duplicates')).toHaveCount(0);
    await field(page, 'dateOfBirth').fill('31/02/1990');
    await page.keyboard.press('Enter');
    await expect(page.getByText('No such day. Write day/month/year.')).toBeVisible();
    await expect(field(page, 'dateOfBirth')).toHaveAttribute('aria-invalid', 'true');
  });
  await test.step('a card number that is not one', async () => {
    await field(page, 'dateOfBirth').fill('28/02/1990');
    await field(page, 'card-number').fill('6035559999999982');
    await page.keyboard.press('Enter');
    await expect(page.locator('[data-testid="failure"], [aria-invalid="true"]').first()).toBeVisible();
    await expect(page.getByText('Something went wrong in the program')).toHaveCount(0);
  });
  await test.step('a card that has an owner', async () => {
    await field(page, 'card-number').fill(cardOf(weiLing, 0).cardNumber);
    await page.keyboard.press('Enter');
    await expect(failure(page)).toHaveAttribute('data-code', 'card_number_taken');
    await expect(field(page, 'lastName')).toHaveValue('Somebody');
  });
  expect(await verify(dataFolder)).toMatchObject({ ok: true, ownOps: 0 });
});

test('what is said of a number goes when the number changes, and no press stays without an answer', async ({
  launchEnrolled,
}) => {
  const { page } = await launchEnrolled();
  await signIn(page);
  await page.keyboard.press('F5');
  await field(page, 'lastName').fill('Somebody');
  await field(page, 'mobile').fill('91110001');
  await expect(page.getByTestId('duplicates')).toContainText('Tan Wei Ling');

  await test.step('Enter right behind the correction takes the corrected number', async () => {
    await field(page, 'mobile').fill('8123 4499');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('member-name')).toHaveText('Somebody');
  });
  await test.step('a number that is half deleted is nobody’s', async () => {
    await page.keyboard.press('F5');
    await field(page, 'mobile').fill('91110001');
    await expect(page.getByTestId('duplicates')).toContainText('Tan Wei Ling');
    await field(page, 'mobile').fill('9111');
    await expect(page.getByTestId('duplicates')).toHaveCount(0);
  });
});

/** Refused by the core only once the cashier has left the member: it does not run while she presses. */
async function spendTooMuchAndLeave({ page, corePid }: Till): Promise<void> {
  await openCard(page, cardOf(chenWei, 1).cardNumber, '陈伟');
  await pressAgain(page, 'F2');
  await field(page, 'amount').fill('99');
  const pid = Number(await corePid());
  process.kill(pid, 'SIGSTOP');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('home')).toBeVisible();
  process.kill(pid, 'SIGCONT');
}

test('a refusal that comes after the cashier has gone on says what, for whom and what to do', async ({
  launchEnrolled,
}) => {
  const till = await launchEnrolled();
  const { page } = till;
  await signIn(page);
  await spendTooMuchAndLeave(till);
  const late = page.getByTestId('late-failure');
  await expect(late).toContainText('A payment by credit for 陈伟 did not go through');
  await expect(late).toHaveAttribute('data-code', 'insufficient_balance');
  await openMember(page, '91110001', 'Tan Wei Ling');
  await expect(late).toBeVisible();
  await late.getByRole('button', { name: 'Open 陈伟' }).click();
  await expect(page.getByTestId('member-name')).toHaveText('陈伟');
  await expect(late).toHaveCount(0);
});

test('a phone that finds nobody begins the enrolment, also over a form that was opened and left empty', async ({
  launchEnrolled,
}) => {
  const { page } = await launchEnrolled();
  await signIn(page);
  await page.keyboard.press('F5');
  await expect(field(page, 'lastName')).toBeFocused();
  await page.keyboard.press('Escape');
  await theBox(page).fill('8123 4477');
  await expect(page.getByText('Nobody, also at the centre')).toBeVisible();
  await page.keyboard.press('F5');
  await expect(field(page, 'mobile')).toHaveValue('8123 4477');
});
