import { expect, type Page } from '@playwright/test';
import axe from 'axe-core';
import { openMember, openSettings, signIn } from './counter.ts';
import { test } from './shop.ts';

interface Violation {
  id: string;
  impact: string | null;
  nodes: { target: string[]; failureSummary?: string }[];
}
interface Axe {
  run(): Promise<{ violations: Violation[] }>;
}

/** What axe finds serious or critical on the screen in front, one line each. */
async function seriousOn(page: Page, screen: string): Promise<string[]> {
  const violations = await page.evaluate(
    async () => (await (window as unknown as { axe: Axe }).axe.run()).violations,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary = '' }) =>
          `${screen}: ${id} ${target.join(' ')} ${failureSummary.split('\n')[1] ?? ''}`,
      ),
    );
}

test('axe finds nothing serious on any of the main screens, light or dark', async ({ launchEnrolled }) => {
  const { page } = await launchEnrolled();
  await page.evaluate(axe.source);
  const found: string[] = [];
  const look = async (screen: string): Promise<void> => {
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      found.push(...(await seriousOn(page, `${screen}, ${theme}`)));
    }
  };
  await expect(page.locator('[data-login]').first()).toBeVisible();
  await look('sign-in');
  await signIn(page);
  await look('home');
  await openMember(page, '91110001', 'Tan Wei Ling');
  await look('member');
  await page.keyboard.press('F5');
  await expect(page.getByTestId('enrolment')).toBeVisible();
  await look('enrolment');
  await page.keyboard.press('Escape');
  await openSettings(page);
  await look('settings');
  expect(found).toEqual([]);
});
