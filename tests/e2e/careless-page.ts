import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';

/** For what begins late, such as an animation. Only a first look: what needs longer is waited for below. */
const FIRST_LOOK_MS = 600;
/** As an end at all: only texts that do nothing wait for it. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 50;
const OWN_URL = 'http://careless.test/';

type Way = (text: string) => string;

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>' };
const escaped: Way = (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const unescaped: Way = (text) =>
  text.replace(/&(?:#(\d+)|(\w+));/g, (all, code: string, name: string) =>
    code === undefined ? (NAMED[name] ?? all) : String.fromCharCode(Number(code)),
  );
const tried = (make: () => string): string => {
  try {
    return make();
  } catch {
    return '';
  }
};
const body: Way = (text) => `<body><p>${text}</p>`;
const script: Way = (text) => `<script>${text}</script>`;
const HOLES = /\{\{(.*?)\}\}|\$\{(.*?)\}|#\{(.*?)\}|<%=(.*?)%>/g;

/** What a careless page makes of a text. */
const WAYS: readonly Way[] = [
  body,
  (text) => `<input value="${text}">`,
  (text) => `<input value='${text}'>`,
  (text) => `<input value=${text}>`,
  (text) => script(`var a = "${text}";`),
  (text) => script(`var a = '${text}';`),
  (text) => script(`var a = "${text.replace(/"/g, '\\"')}";`),
  (text) => script('var a = `' + text + '`;'),
  (text) => script(`call({"a":"${text}"}); function call() {}`),
  (text) => `<style>* { color: ${text} }</style>`,
  (text) => `<style>${text}</style>`,
  (text) => `<style>* { background: ${text} }</style>`,
  (text) => `<p style="color: ${text}">x</p>`,
  (text) => `<title>${text}</title>`,
  (text) => `<textarea>${text}</textarea>`,
  (text) => `<!-- ${text} -->`,
  (text) => `<a href="${escaped(text)}">x</a>${script('document.links[0].click()')}`,
  (text) => `<iframe src="${escaped(text)}"></iframe>`,
  (text) => `<img src="${escaped(text)}">`,
  (text) =>
    script(`${JSON.stringify(text).replace(/</g, '\\x3c')}.replace(${String(HOLES)}, (_, ...all) =>
    eval(all.find((each) => typeof each === 'string')));`),
  (text) => body(unescaped(text)),
  (text) => body(tried(() => decodeURIComponent(text))),
  (text) => body(tried(() => String(JSON.parse(`"${text}"`)))),
  (text) => body(text.normalize('NFKC')),
  (text) => body(text.toUpperCase()),
];
/** The first bites most of them; of the others some at a time, so that what is left waits a few times only. */
const LOOKS: readonly (readonly Way[])[] = [
  WAYS.slice(0, 1),
  WAYS.slice(1, 9),
  WAYS.slice(9, 17),
  WAYS.slice(17),
];

/** Each page in a frame of its own. Run in a browser. */
async function lay({ pages, waitMs }: { pages: readonly string[]; waitMs: number }): Promise<void> {
  const bitten = pages.map(() => false);
  Object.assign(window, { bitten, bite: (at: number) => (bitten[at] = true) });
  const loading: Promise<unknown>[] = [];
  for (const [at, page] of pages.entries()) {
    const frame = document.createElement('iframe');
    loading.push(new Promise((done) => frame.addEventListener('load', done, { once: true })));
    frame.name = String(at);
    frame.srcdoc = page.replaceAll(/evil\.test/gi, `${at}.evil.test`);
    document.body.append(frame);
  }
  const wait = (ms: number): Promise<unknown> => new Promise((done) => setTimeout(done, ms));
  await Promise.race([Promise.all(loading), wait(10 * waitMs)]);
  await wait(waitMs);
}

/** Which frames bit so far. Run in a browser. */
function look(): boolean[] {
  // Only one of so many frames may take the focus by itself.
  for (const frame of document.querySelectorAll('iframe'))
    frame.contentDocument?.querySelector<HTMLElement>('[onfocus]')?.focus();
  return [...(window as unknown as { bitten: boolean[] }).bitten];
}

/**
 * Puts each text into a page that escapes nothing, in many ways: all texts at once with a few short looks, then each
 * that is left in all ways, until it has bitten.
 *
 * @returns Those that did nothing anywhere.
 */
export async function harmlessOf(page: Page, texts: readonly string[]): Promise<string[]> {
  const fetched = new Set<number>();
  await page.context().route('**/*', async (route) => {
    const url = route.request().url();
    const [, at] = /(\d+)\.evil\.test/i.exec(url) ?? [];
    if (at !== undefined) fetched.add(Number(at));
    const empty = { contentType: 'text/html', body: '<!doctype html><body>' };
    await (url === OWN_URL ? route.fulfill(empty) : route.abort());
  });
  await page.addInitScript(() => {
    const bite = (): void => {
      let frame: Window = window;
      while (frame.parent !== frame.top) frame = frame.parent;
      (window.top as unknown as { bite(at: number): void }).bite(Number(frame.name));
    };
    if (window !== window.top) window.alert = bite;
  });
  const put = async (pages: readonly string[], waitMs: number): Promise<void> => {
    await page.goto(OWN_URL);
    fetched.clear();
    await page.evaluate(lay, { pages, waitMs });
  };
  const seen = async (): Promise<(at: number) => boolean> => {
    const bitten = await page.evaluate(look);
    return (at) => bitten[at] === true || fetched.has(at);
  };
  const bitesUntil = async (endMs: number): Promise<boolean> => {
    for (;;) {
      const hasBitten = await seen();
      if (WAYS.some((_, at) => hasBitten(at))) return true;
      if (Date.now() > endMs) return false;
      await pause(LOOK_EVERY_MS);
    }
  };
  let open = [...texts];
  for (const ways of LOOKS) {
    const frames = open.flatMap((text) => ways.map((way) => ({ text, page: way(text) })));
    await put(
      frames.map(({ page: each }) => each),
      FIRST_LOOK_MS,
    );
    const hasBitten = await seen();
    const bitten = new Set(frames.filter((_, at) => hasBitten(at)).map(({ text }) => text));
    open = open.filter((text) => !bitten.has(text));
  }
  const harmless: string[] = [];
  const endMs = Date.now() + PATIENCE_MS;
  for (const text of open) {
    await put(
      WAYS.map((way) => way(text)),
      0,
    );
    if (!(await bitesUntil(endMs))) harmless.push(text);
  }
  return harmless;
}
