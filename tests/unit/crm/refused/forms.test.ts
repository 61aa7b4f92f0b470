import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { FORM, MANAGER_PIN, openTestCentre, type TestCentre } from '../test-centre.ts';
import { contentOf } from './content.ts';

let postgres: PostgresPart;
let open: TestCentre;
let empty: TestCentre;
beforeAll(async () => {
  postgres = await startPostgres();
  open = await openTestCentre({ url: await postgres.createDatabase() });
  empty = await openTestCentre({ url: await postgres.createDatabase(), isEmpty: true });
}, 60_000);
afterAll(async () => {
  await open.close();
  await empty.close();
  await postgres.stop();
});

/** As a form travels, what no browser sends too. */
const ODD = {
  'a zero sign': '%00',
  'half of a sign': '%ED%A0%80',
  'bytes that are no text': '%FF%FE',
  'a broken escape': '%ZZ',
  'sixty thousand signs': 'x'.repeat(60_000),
  markup: encodeURIComponent('<script>alert(1)</script>'),
  SQL: encodeURIComponent("' or 1=1 --"),
};

const signIn = { login: 'manager', pin: MANAGER_PIN };
const KEY = 'key-000000000000';
/** Kinds of cards as one text are none, so that nothing is ever set up here. */
const FORMS: Record<string, { url: string; fields: Record<string, string>; isFirst?: true }> = {
  'the list of keys': { url: '/integrations', fields: signIn },
  'a new key': { url: '/integrations', fields: { ...signIn, name: 'Shop', scopes: 'read:ledger' } },
  'the end of a key': { url: '/integrations', fields: { ...signIn, revoke: KEY } },
  'the first set-up': { url: '/setup', fields: FORM as never, isFirst: true },
};
const cases = Object.entries(FORMS).flatMap(([name, { fields, ...form }]) =>
  [...Object.keys(fields), 'unknown', '__proto__'].map((field) => ({ name, field, fields, ...form })),
);

test.each(cases)(
  '$name with anything odd as its $field is answered with a page in words, never with 500',
  async ({ url, field, fields, isFirst = false }) => {
    const { app, centre } = isFirst ? empty : open;
    const whole = isFirst ? { ...fields, token: centre.setupToken } : fields;
    const before = await contentOf(empty.centre.database.sql);
    for (const [what, odd] of Object.entries(ODD)) {
      const rest = Object.entries(whole).filter(([name]) => name !== field);
      const payload = `${new URLSearchParams(rest).toString()}&${field}=${odd}`;
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const reply = await app.inject({ method: 'POST', url, headers, payload });
      expect([what, reply.statusCode < 500, String(reply.headers['content-type'])]).toEqual([
        ...[what, true, expect.stringContaining('text/html')],
      ]);
      expect(reply.body).not.toContain('<script>alert');
    }
    expect(await contentOf(empty.centre.database.sql)).toEqual(before);
  },
);
