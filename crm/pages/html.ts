import { createHash } from 'node:crypto';

/** Text made safe for HTML, also inside quoted attributes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const STYLE = `
:root {
  color-scheme: light dark; --ground: #faf6ee; --paper: #fffdf8; --ink: #24211c; --faint: #6b6459;
  --line: #d9d0c0; --accent: #1d5c4b; --on-accent: #fffdf8; --refusal: #a3261d;
}
@media (prefers-color-scheme: dark) { :root {
  --ground: #1b1916; --paper: #25221e; --ink: #f1ebdf; --faint: #b0a797; --line: #45403a;
  --accent: #7cc7b0; --on-accent: #14211d; --refusal: #ff9a8f;
} }
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 Inter, system-ui, 'Noto Sans SC', sans-serif; font-variant-numeric: tabular-nums;
}
main { max-width: 44rem; margin: 0 auto; padding: 48px 24px 64px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; }
h2 { font-size: 16px; margin: 0 0 12px; }
.lead { color: var(--faint); margin: 0 0 24px; }
.ticket {
  background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 24px;
  margin: 0 0 20px;
}
.ticket + .ticket { border-top-style: dashed; }
.grid { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); }
label { display: block; font-size: 14px; color: var(--faint); }
input, select {
  display: block; width: 100%; margin-top: 4px; padding: 10px 12px; font: inherit; color: var(--ink);
  background: var(--ground); border: 1px solid var(--line); border-radius: 6px;
}
input:focus-visible, select:focus-visible, button:focus-visible {
  outline: 3px solid var(--accent); outline-offset: 1px;
}
input[type=checkbox] {
  display: inline-block; width: 20px; height: 20px; margin: 0 8px 0 0; vertical-align: -4px;
  accent-color: var(--accent);
}
.check { color: var(--ink); font-size: 16px; padding: 6px 0; }
.check small { color: var(--faint); font-size: 14px; }
button {
  font: inherit; font-weight: 600; color: var(--on-accent); background: var(--accent); border: 0;
  border-radius: 6px; padding: 14px 28px; cursor: pointer;
}
.wrong { color: var(--refusal); font-size: 14px; margin: 4px 0 0; }
.figures { display: flex; flex-wrap: wrap; gap: 12px 40px; margin: 0; }
.figures dt { color: var(--faint); font-size: 14px; }
.figures dd { margin: 0; font-size: 28px; line-height: 1.2; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-size: 14px; font-weight: 400; color: var(--faint); }
th, td { padding: 8px 12px 8px 0; border-bottom: 1px solid var(--line); }
a { color: var(--accent); }
.note { border-left: 4px solid var(--refusal); padding: 4px 0 4px 12px; margin: 0 0 20px; }
`;

const styleHash = createHash('sha256').update(STYLE).digest('base64');

/** No script, no other origin, no frame. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Where a page stands, for the link to the same one in the other language. */
export interface PageFrame {
  language: 'en' | 'zh';
  path: string;
}

const switchLink = ({ language, path }: PageFrame): string =>
  language === 'zh'
    ? `<p class="lead"><a href="${path}?lang=en" lang="en" hreflang="en">English</a></p>`
    : `<p class="lead"><a href="${path}?lang=zh" lang="zh-CN" hreflang="zh-CN">简体中文</a></p>`;

/** A whole page. @param body HTML; every text in it is escaped by whoever made it. Without a frame: English alone. */
export const toPage = (title: string, body: string, frame?: PageFrame): string =>
  `<!doctype html><html lang="${frame?.language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">` +
  `<meta name="viewport" content="width=device-width">` +
  `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main>${body}${frame === undefined ? '' : switchLink(frame)}</main></body></html>`;
