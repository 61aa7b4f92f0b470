import { expect, test } from 'vitest';
import { createPortPair, type Port, Request } from '../../../../electron/contract/port.ts';
import { createCoreClient } from '../../../../electron/hosts/client.ts';

const PIN = { login: 'manager', pin: '739205' };

/** A client and the other end, where `answer` says what comes back for each call. */
function connect(answer: (request: Request, port: Port) => void) {
  const [own, other] = createPortPair();
  const asked: Request[] = [];
  other.onMessage((message) => {
    const request = Request.parse(message);
    asked.push(request);
    answer(request, other);
  });
  return { client: createCoreClient(own), asked, other };
}

test('a call goes out once under its own id and its reply comes back parsed', async () => {
  const { client, asked } = connect((request, port) => {
    port.post({ t: 'event', name: 'till.changed', data: {} });
    port.post({ t: 'reply', id: 'somebody else', ok: true, data: {} });
    port.post({ t: 'reply', id: request.id, ok: true, data: {} });
  });
  expect(await Promise.all([client['core.ping']({}), client['core.ping']({})])).toEqual([{}, {}]);
  expect(new Set(asked.map((each) => each.id)).size).toBe(2);
});

test('a refusal arrives with its code and words', async () => {
  const error = { code: 'pin_wrong', message: 'Wrong PIN' };
  const { client } = connect((request, port) => port.post({ t: 'reply', id: request.id, ok: false, error }));
  await expect(client['session.signIn'](PIN)).rejects.toMatchObject({ name: 'AppError', ...error });
});

test('a code that this program does not know is a bug, not a refusal', async () => {
  const error = { code: 'moon_phase', message: '' };
  const { client } = connect((request, port) => port.post({ t: 'reply', id: request.id, ok: false, error }));
  await expect(client['core.ping']({})).rejects.toMatchObject({ code: 'bug' });
});

test('an answer in another shape is no answer', async () => {
  const { client } = connect((request, port) =>
    port.post({ t: 'reply', id: request.id, ok: true, data: { a: 1 } }),
  );
  await expect(client['core.ping']({})).rejects.toThrow(/unrecognized/i);
});

test('when the core goes away, open and later calls fail instead of waiting', async () => {
  const { client } = connect((_request, port) => port.close());
  await expect(client['core.ping']({})).rejects.toMatchObject({ code: 'core_stopped' });
  await expect(client['core.ping']({})).rejects.toMatchObject({ code: 'core_stopped' });
});
