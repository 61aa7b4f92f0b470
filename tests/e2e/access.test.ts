import { expect, type Page } from '@playwright/test';
import { DEMO_PINS } from '../../crm/demo/chain.ts';
import { cutOn, mouseOnlyOn, seriousOn, wrongOn } from './axe.ts';
import { choosePerson, enterPin, field, openMember, type } from './counter.ts';
import { TABLET, test } from './office-shop.ts';

type Look = (screen: string) => Promise<void>;

/** Every place of the desk, by the handles that no language changes. */
async function walkDesk(page: Page, look: Look): Promise<void> {
  const places = page.locator('[data-testid^="rail-"]');
  const names = await places.evaluateAll((buttons) =>
    buttons.map((button) => button.dataset['testid'] ?? ''),
  );
  expect(names.length).toBeGreaterThan(2);
  for (const name of names) {
    await page.getByTestId(name).click();
    await expect(page.getByTestId(name)).toHaveAttribute('aria-current', 'page');
    await expect(page.locator('main :is(h1, h2)').first()).toBeVisible();
    await look(name);
  }
}

async function walk(page: Page, look: Look): Promise<void> {
  await openMember(page, '91110001', 'Tan Wei Ling');
  await look('member');
  await page.keyboard.press('F7');
  await expect(page.getByTestId('edit-member')).toBeVisible();
  await look('edit');
  await page.keyboard.press('Escape');
  await page.keyboard.press('F5');
  await expect(page.getByTestId('enrolment')).toBeVisible();
  await look('enrolment');
  await page.keyboard.press('Escape');
  await page.keyboard.press('F1');
  await expect(page.getByTestId('key-sheet')).toBeVisible();
  await look('keys');
  await page.keyboard.press('Escape');
  await walkDesk(page, look);
}

/** Walks all in English and then in Chinese, each in its own light; what is wrong on the way, one line each. */
async function walkTwice(
  page: Page,
  lights: readonly ['light' | 'dark', 'light' | 'dark'],
): Promise<string[]> {
  const found: string[] = [];
  const lookIn =
    (language: string): Look =>
    async (screen) => {
      found.push(...(await wrongOn(page, `${language}, ${screen}`)));
      found.push(...(await cutOn(page, `${language}, ${screen}, letters of 200 %`)));
    };
  await expect(page.getByTestId('home')).toBeVisible();
  await page.emulateMedia({ colorScheme: lights[0], reducedMotion: 'reduce' });
  await lookIn('en')('home');
  await walk(page, lookIn('en'));
  await page.getByTestId('rail-settings').press('Enter');
  await page.getByText('简体中文').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await page.emulateMedia({ colorScheme: lights[1], reducedMotion: 'reduce' });
  await walk(page, lookIn('zh'));
  return found;
}

test('the walk itself sees a button without a name, a text that is cut, and a page that is too wide', async ({
  newPage,
}) => {
  const page = await newPage('about:blank');
  const letters = 'font-size: 1rem; white-space: nowrap';
  await page.setContent(`<!doctype html><html lang="en"><title>t</title><body style="margin: 0">
    <button></button><p style="${letters}; width: 4rem; overflow: hidden; width: 60px">cut here</p>
    <p style="${letters}; height: 20px; overflow: hidden">and here</p>
    <p style="${letters}; width: 20px; overflow: hidden; text-overflow: ellipsis">said to go on</p>
    <p style="width: 60rem">wide</p></body></html>`);
  expect(await seriousOn(page, 'page')).toEqual([expect.stringContaining('page: button-name button')]);
  expect(await cutOn(page, 'page')).toEqual([
    expect.stringMatching(/^page: the page is \d+ px too wide$/),
    'page: p "cut here" too wide',
    'page: p "and here" too tall',
  ]);
});

test('the walk itself sees what only a mouse reaches, and nothing that keys reach in their own way', async ({
  newPage,
}) => {
  const page = await newPage('about:blank');
  await page.setContent(`<!doctype html><html lang="en"><title>t</title><body>
    <button tabindex="-1">passed by</button>
    <div role="switch" aria-checked="true">no stop</div>
    <p id="hears">hears a press</p>
    <button>a stop</button>
    <button disabled tabindex="-1">off</button>
    <button tabindex="-1" aria-keyshortcuts="F2">has a key</button>
    <div role="menu"><button tabindex="0">first</button><button tabindex="-1">walked</button></div>
    <input role="combobox" aria-controls="found" aria-expanded="true" aria-label="find">
    <ul role="listbox" id="found"><li role="option" aria-selected="true">of the field</li></ul>
    <ul role="listbox"><li role="option" aria-selected="true">of no field</li></ul>
    <form data-fingers-only><input aria-label="PIN"><button tabindex="-1">1</button></form>
    <span style="clip: rect(0 0 0 0); position: absolute"><button tabindex="-1">heard only</button></span>`);
  await page.evaluate(() =>
    Object.assign(document.querySelector('#hears') ?? {}, { __reactProps$x: { onClick: () => undefined } }),
  );
  expect(await mouseOnlyOn(page, 'page')).toEqual(
    ['button "passed by"', 'div "no stop"', 'p "hears a press"', 'li "of no field"'].map(
      (what) => `page: no key reaches ${what}`,
    ),
  );
});

test('every screen of a till: axe finds nothing serious and no text is cut, in both languages', async ({
  launchEnrolled,
}) => {
  const { page } = await launchEnrolled();
  await expect(page.locator('[data-login]').first()).toBeVisible();
  expect(await seriousOn(page, 'sign-in')).toEqual([]);
  await choosePerson(page, 'manager');
  await enterPin(page, DEMO_PINS.manager);
  expect(await walkTwice(page, ['light', 'dark'])).toEqual([]);
});

test('every screen of an office on a tablet: axe finds nothing serious and no text is cut, in both languages', async ({
  startOffice,
  newPage,
}) => {
  const { url } = await startOffice();
  const page = await newPage(url, TABLET);
  await expect(field(page, 'login')).toBeFocused();
  expect(await seriousOn(page, 'sign-in')).toEqual([]);
  await type(page, 'manager');
  await page.keyboard.press('Tab');
  await type(page, DEMO_PINS.manager);
  await page.keyboard.press('Enter');
  expect(await walkTwice(page, ['dark', 'light'])).toEqual([]);
});
