import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { Scope } from '../../../crm/integration/shapes.ts';
import { FORM, MANAGER_PIN, openTestCentre, type TestCentre } from './test-centre.ts';

let postgres: PostgresPart;
let empty: TestCentre;
let open: TestCentre;
beforeAll(async () => {
  postgres = await startPostgres();
  empty = await openTestCentre({ url: await postgres.createDatabase(), isEmpty: true });
  open = await openTestCentre({ url: await postgres.createDatabase() });
}, 60_000);
afterAll(async () => {
  await empty.close();
  await open.close();
  await postgres.stop();
});

const page = async ({ app }: TestCentre, url: string, language?: string): Promise<string> => {
  const headers = language === undefined ? {} : { 'accept-language': language };
  const reply = await app.inject({ method: 'GET', url, headers });
  expect([reply.statusCode, reply.body.includes('<script')]).toEqual([200, false]);
  return reply.body;
};
/** Words of the page beside its tags. */
const textOf = (html: string): string =>
  html.slice(html.indexOf('<body>')).replaceAll(/<option[^>]*>|<[^>]+>/g, '\n');

test('each page comes in the language that the browser asks for, and by a link in the other one', async () => {
  for (const [centre, url, english, chinese] of [
    [empty, '/', 'Set up this CRM', '设置本 CRM'],
    [open, '/', 'Waiting for a person', '等待处理'],
    [open, '/integrations', 'A new key, or the list', '新密钥，或查看列表'],
  ] as const) {
    expect(await page(centre, url)).toContain(english);
    expect(await page(centre, url, 'de, fr;q=0.5')).toContain(english);
    expect(await page(centre, url, 'en;q=0.3, zh-CN;q=0.9')).toContain(chinese);
    expect(await page(centre, url, 'zh;q=0, en')).toContain(english);
    const inChinese = await page(centre, `${url}?lang=zh`, 'en');
    expect(inChinese).toContain(chinese);
    expect(inChinese).toContain('<html lang="zh-CN">');
    expect(inChinese).toContain(`href="${url}?lang=en"`);
    expect(await page(centre, `${url}?lang=en`, 'zh')).toContain(english);
    expect(await page(centre, `${url}?lang=xx`, 'zh')).toContain(chinese);
  }
});

test('no English word is left on a Chinese page, but for names, codes and the way back', async () => {
  const own = /Test chain|First store|Second store|SG|SGD|CRM|PIN|PDPA|GDPR|English|Asia|Singapore|manager/g;
  for (const [centre, url] of [
    [empty, '/'],
    [open, '/'],
    [open, '/integrations'],
  ] as const) {
    const words = textOf(await page(centre, `${url}?lang=zh`)).replaceAll(own, '');
    expect(words.match(/[A-Za-z]{2,}/g) ?? []).toEqual([]);
  }
});

test('what is wrong with a form is said in its own language, and the form stays in it', async () => {
  const payload = new URLSearchParams({
    ...FORM,
    country: 'Singapore',
    token: empty.centre.setupToken,
  } as never);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const url = '/setup?lang=zh';
  const reply = await empty.app.inject({ method: 'POST', url, headers, payload: payload.toString() });
  expect(reply.statusCode).toBe(400);
  expect(reply.body).toContain('两个字母，例如 SG。');
  expect(reply.body).toContain('action="/setup?lang=zh"');
  const wrong = await open.app.inject({
    ...{ method: 'POST', url: '/integrations?lang=zh', headers },
    payload: new URLSearchParams({ login: 'manager', pin: '1', name: 'x' }).toString(),
  });
  expect(wrong.body).toContain('需要名称和至少一项权限。没有任何更改。');
  const refused = await open.app.inject({
    ...{ method: 'POST', url: '/integrations?lang=zh', headers },
    payload: new URLSearchParams({ login: 'manager', pin: '909090' }).toString(),
  });
  expect(refused.body).toContain('登录名与 PIN 不符。没有任何更改。请核对后再试。');
});

test('what a key may is said in words, in the language of the page', async () => {
  const payload = new URLSearchParams({ login: 'manager', pin: MANAGER_PIN, name: '网店' });
  for (const scope of Scope.options) payload.append('scopes', scope);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const url = '/integrations?lang=zh';
  const made = await open.app.inject({ method: 'POST', url, headers, payload: payload.toString() });
  expect(made.statusCode).toBe(200);
  const row = made.body.slice(made.body.indexOf('<tbody>'), made.body.indexOf('</tbody>'));
  expect(row).toContain('读取会员：姓名、电话、邮箱');
  expect(row.replaceAll(/<[^>]+>/g, ' ')).not.toMatch(/[a-z]:[a-z]/);
});
