import type { Page } from '@playwright/test';

interface Looking {
  /** What its policy refused, as the page heard it. */
  refused: string[];
  /** Text, values, names and hints of everything that stands in the page. */
  read(): string;
  /** Elements and attributes that only a text can have made. */
  foreign(): string[];
}
type Watched = Window & { looking: Looking };

function lookInside(): void {
  const refused: string[] = [];
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    refused.push(`${violatedDirective} ${blockedURI}`),
  );
  const said = ['value', 'title', 'aria-label', 'placeholder', 'alt'];
  const read = (): string => {
    const words = [document.title, document.body.textContent ?? ''];
    for (const element of document.querySelectorAll(said.map((name) => `[${name}]`).join()))
      words.push(...said.map((name) => element.getAttribute(name) ?? ''));
    for (const element of document.querySelectorAll('input, textarea, select'))
      words.push((element as HTMLInputElement).value);
    return words.join('\n');
  };
  const strange =
    'iframe, object, embed, base, marquee, audio, video, math, frame, portal, template, foreignObject';
  const isRunning = (name: string, value: string): boolean =>
    name.startsWith('on') ||
    (/^(?:xlink:)?(?:href|src|srcset|action|formaction|data|poster|background|style|srcdoc)$/.test(name) &&
      /evil\.test|^\s*javascript:|^\s*data:text/i.test(value));
  const foreign = (): string[] => {
    const found = [...document.querySelectorAll(strange)].map(({ outerHTML }) => outerHTML.slice(0, 200));
    for (const element of document.querySelectorAll('*'))
      for (const { name, value } of element.attributes)
        if (isRunning(name, value)) found.push(`${element.tagName} ${name}=${value}`);
    return found;
  };
  Object.assign(window, { looking: { refused, read, foreign } satisfies Looking });
}

/** What must stay empty while hostile texts are on the screen. */
export interface Misdeeds {
  dialogs: string[];
  requests: string[];
  words: string[];
  foreign: string[];
  refused: string[];
}
export const NONE: Misdeeds = { dialogs: [], requests: [], words: [], foreign: [], refused: [] };

/** Steps that no list is longer than. */
const STEPS_MAX = 60;

/** Everything that can be rolled is rolled to its end, and read on the way. */
async function readRolling(page: Page): Promise<string> {
  return page.evaluate(async (stepsMax) => {
    const drawn = (): Promise<unknown> =>
      new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const { looking } = window as unknown as Watched;
    const words = [looking.read()];
    const rolls = [...document.querySelectorAll('body *')].filter(
      (element) =>
        element.scrollHeight > element.clientHeight + 4 &&
        ['auto', 'scroll'].includes(getComputedStyle(element).overflowY),
    );
    for (const element of rolls) {
      for (let step = 0; step < stepsMax; step += 1) {
        const before = element.scrollTop;
        element.scrollTop += Math.max(40, element.clientHeight - 40);
        await drawn();
        if (element.scrollTop === before) break;
        words.push(looking.read());
      }
      element.scrollTop = 0;
    }
    return words.join('\n');
  }, STEPS_MAX);
}

/** Watches a page that is open, from now on. */
export async function watch(page: Page, origin: string) {
  const misdeeds: Misdeeds = structuredClone(NONE);
  const seen = new Map<string, string>();
  page.on('dialog', (dialog) => {
    misdeeds.dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !/^(?:data|blob):/.test(url)) misdeeds.requests.push(url);
  });
  page.on('console', (message) => misdeeds.words.push(message.text()));
  page.on('pageerror', ({ message }) => misdeeds.words.push(message));
  await page.evaluate(lookInside);
  const keep = (screen: string, words: string): void => {
    seen.set(screen, `${seen.get(screen) ?? ''}\n${words}`);
  };
  return {
    /** Reads what stands in the page, without rolling anything. */
    glance: async (screen: string): Promise<void> => {
      const { words, foreign } = await page.evaluate(() => {
        const { looking } = window as unknown as Watched;
        return { words: looking.read(), foreign: looking.foreign() };
      });
      keep(screen, words);
      misdeeds.foreign.push(...foreign);
    },
    /** Reads the screen in front, all of what it rolls, under a name. */
    look: async (screen: string): Promise<void> => {
      keep(screen, await readRolling(page));
      misdeeds.foreign.push(...(await page.evaluate(() => (window as unknown as Watched).looking.foreign())));
    },
    /** Texts that never stood on the screens of that name. */
    missingOn: (screen: string, texts: readonly string[]): string[] =>
      texts.filter((text) => !(seen.get(screen) ?? '').includes(text)),
    misdeeds: async (): Promise<Misdeeds> => ({
      ...misdeeds,
      refused: await page.evaluate(() => (window as unknown as Watched).looking.refused),
    }),
  };
}
export type Watch = Awaited<ReturnType<typeof watch>>;
