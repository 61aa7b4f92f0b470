import { expect, type Page } from '@playwright/test';
import axe from 'axe-core';
import { englishOn } from './chinese.ts';

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

/**
 * What a press of a mouse does and no key reaches, one line each: a control that Tab passes by and no group of arrows
 * holds, and whatever hears a press without being a control.
 */
export async function mouseOnlyOn(page: Page, screen: string): Promise<string[]> {
  const found = await page.evaluate(() => {
    const CONTROLS = 'a[href], button, input, select, textarea, summary, [role], [tabindex]';
    const OPERATED = /^(?:button|checkbox|combobox|link|menuitem|option|radio|switch|tab|textbox)$/;
    const GROUPS = 'table, [role="group"], [role="listbox"], [role="menu"], [role="grid"], [role="tablist"]';
    /** What only a reader meets, such as the way out of a menu. */
    const isHeardOnly = (element: Element | null): boolean =>
      element !== null && (getComputedStyle(element).clip !== 'auto' || isHeardOnly(element.parentElement));
    const shown = [...document.body.querySelectorAll<HTMLElement>('*')].filter(
      (element) =>
        element.checkVisibility() &&
        element.closest('[inert], [aria-hidden="true"]') === null &&
        !isHeardOnly(element),
    );
    const isControl = (element: HTMLElement): boolean => {
      if (!element.matches(CONTROLS)) return false;
      const role = element.getAttribute('role');
      return role === null
        ? element.matches('a, button, input, select, textarea, summary')
        : OPERATED.test(role);
    };
    const isOff = (element: HTMLElement): boolean => element.matches(':disabled, [aria-disabled="true"]');
    // Parts of a drawing have stops too.
    const isStop = (element: Element & Partial<HTMLOrSVGElement>): boolean =>
      (element.tabIndex ?? -1) >= 0 && !element.matches(':disabled');
    /** The arrows walk such a group from its one stop, or from the field that names it as its list. */
    const isWalked = (element: HTMLElement): boolean => {
      const group = element.closest(GROUPS);
      if (group === null) return false;
      const list = element.closest('[role="listbox"]');
      const owner = list?.id ? document.querySelector(`[aria-controls="${CSS.escape(list.id)}"]`) : null;
      return (
        isStop(group) || (owner !== null && isStop(owner)) || [...group.querySelectorAll('*')].some(isStop)
      );
    };
    const hears = (element: Element): boolean => {
      const key = Object.keys(element).find((name) => name.startsWith('__reactProps$'));
      const props = (element as unknown as Record<string, Record<string, unknown>>)[key ?? ''] ?? {};
      return ['onClick', 'onDoubleClick', 'onMouseDown'].some((name) => typeof props[name] === 'function');
    };
    /** Digits for fingers, where the field beside them takes them from the keys. */
    const hasField = (element: HTMLElement): boolean =>
      element.closest('[data-fingers-only]')?.closest('form')?.querySelector('input:enabled') != null;
    const isReached = (element: HTMLElement): boolean =>
      isOff(element) ||
      hasField(element) ||
      isStop(element) ||
      isWalked(element) ||
      element.hasAttribute('aria-keyshortcuts') ||
      element.closest('label') !== null ||
      [...element.querySelectorAll('*')].some(isStop);
    return shown
      .filter((element) => (isControl(element) || hears(element)) && !isReached(element))
      .map(
        (element) => `${element.tagName.toLowerCase()} "${(element.textContent ?? '').trim().slice(0, 40)}"`,
      );
  });
  return found.map((what) => `${screen}: no key reaches ${what}`);
}

/** What is wrong with the screen in front for a reader, for hands on the keys alone, and for whoever reads Chinese. */
export const wrongOn = async (page: Page, screen: string): Promise<string[]> => [
  ...(await seriousOn(page, screen)),
  ...(await mouseOnlyOn(page, screen)),
  ...(await englishOn(page, screen)),
];

export async function expectOpenToAll(page: Page, screen: string): Promise<void> {
  expect(await wrongOn(page, screen)).toEqual([]);
}
