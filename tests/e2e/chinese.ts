import type { Page } from '@playwright/test';
import en from '../../renderer/lib/locales/en.json' with { type: 'json' };
import zh from '../../renderer/lib/locales/zh.json' with { type: 'json' };

type Texts = { readonly [key: string]: string | Texts };

function textsOf(texts: Texts, path = ''): [string, string][] {
  return Object.entries(texts).flatMap(([key, text]): [string, string][] =>
    typeof text === 'string' ? [[`${path}.${key}`, text]] : textsOf(text, `${path}.${key}`),
  );
}
const chinese = new Map(textsOf(zh));
/** What a page in Chinese says nowhere: a text of the English catalogue that the Chinese one has another word for. */
const ENGLISH = new Set(
  textsOf(en)
    .filter(([path, text]) => !text.includes('{{') && /[a-z]{3}/.test(text) && chinese.get(path) !== text)
    .map(([, text]) => text),
);
/** Five words in a row: longer than anybody's name. */
const SENTENCE = /[a-z’']+(?:[ ,]+[a-z’']+){4,}/i;

/** English on a page that speaks Chinese, one line each: a text that has no key, or none in the other language. */
export async function englishOn(page: Page, screen: string): Promise<string[]> {
  const said = await page.evaluate(() => {
    if (document.documentElement.lang !== 'zh-CN') return [];
    const found: string[] = [];
    for (const element of document.querySelectorAll('body, body *')) {
      if (!element.checkVisibility() || element.closest('[lang="en"]') !== null) continue;
      for (const node of element.childNodes)
        if (node.nodeType === Node.TEXT_NODE) found.push(node.textContent ?? '');
      for (const name of ['aria-label', 'placeholder', 'title']) found.push(element.getAttribute(name) ?? '');
    }
    return found.map((text) => text.trim());
  });
  const forSupport = zh.start.forSupport;
  const english = said
    .filter((text) => !text.includes(forSupport))
    // What somebody else's paper says stands in quotes.
    .filter((text) => ENGLISH.has(text) || SENTENCE.test(text.replaceAll(/“[^”]*”/g, '')));
  return [...new Set(english)].map((text) => `${screen}: English in Chinese: ${text}`);
}
