import { expect, test } from 'vitest';
import { centreForAll } from './centre-for-all.ts';
import { injected, readHeaders, TestTill } from './test-till.ts';

const open = centreForAll();

test('a log that takes longer than a till waits is given up, and says what helps', async () => {
  const till = await TestTill.enrol(injected(open.app));
  till.makeMember();
  await till.sync();
  const { businessDay = '' } = till.ops[0] ?? {};
  const ask = () =>
    open.app.inject({
      url: `/v1/log?actorId=staff-1&day=${businessDay}`,
      headers: readHeaders(till.enrolled.token),
    });
  expect((await ask()).json()).toMatchObject({ lines: [{ kind: 'member.created' }] });
  const { database } = open.centre;
  const reply = await database.transaction(async (tx) => {
    await tx.query('lock table ops in access exclusive mode');
    return ask();
  });
  expect([reply.statusCode, reply.json()]).toMatchObject([
    409,
    { code: 'bad_request', message: expect.stringMatching(/took too long.*Nothing was changed\. Narrow it/) },
  ]);
  expect((await ask()).statusCode).toBe(200);
});
