import type { Page } from '@playwright/test';
import axe from 'axe-core';

interface Violation {
  id: string;
  impact: string | null;
  nodes: { target: string[]; failureSummary?: string }[];
}
interface Axe {
  run(options: { resultTypes: string[] }): Promise<{ violations: Violation[] }>;
}

/** What axe finds serious or critical on the screen in front, one line each. */
export async function seriousOn(page: Page, screen: string): Promise<string[]> {
  // By the debugger, which the page's policy does not bind. Once for a page: it is half a megabyte.
  if (await page.evaluate('window.axe === undefined')) await page.evaluate(axe.source);
  const violations = await page.evaluate(
    async () =>
      (await (window as unknown as { axe: Axe }).axe.run({ resultTypes: ['violations'] })).violations,
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

/** Texts that are cut off or stand beside the window, with letters of twice the size, one line each. */
export async function cutOn(page: Page, screen: string): Promise<string[]> {
  const cut = await page.evaluate(async () => {
    const root = document.documentElement;
    root.style.fontSize = '200%';
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const found: string[] = [];
    const nameOf = (element: Element): string =>
      `${element.tagName.toLowerCase()} "${(element.textContent ?? '').trim().slice(0, 40)}"`;
    if (root.scrollWidth > innerWidth) found.push(`the page is ${root.scrollWidth - innerWidth} px too wide`);
    for (const element of document.querySelectorAll('body *')) {
      const hasText = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '',
      );
      const { overflowX, overflowY, textOverflow, clip, clipPath } = getComputedStyle(element);
      // What only a reader hears.
      if (!hasText || clip !== 'auto' || clipPath !== 'none') continue;
      const isWide = element.scrollWidth > element.clientWidth + 1;
      const isTall = element.scrollHeight > element.clientHeight + 4;
      const hides = (overflow: string): boolean => overflow === 'hidden' || overflow === 'clip';
      if (isWide && hides(overflowX) && textOverflow !== 'ellipsis')
        found.push(`${nameOf(element)} too wide`);
      else if (isTall && hides(overflowY)) found.push(`${nameOf(element)} too tall`);
    }
    root.style.fontSize = '';
    return found;
  });
  return cut.map((words) => `${screen}: ${words}`);
}
