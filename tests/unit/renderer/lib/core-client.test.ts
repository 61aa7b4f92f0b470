import { expect, test } from 'vitest';
import { createCoreClient, type CoreLife } from '../../../../renderer/lib/core-client.ts';
import { failureOf } from '../../../../renderer/lib/failure.ts';
import { SENDS_MAX } from '../../../../renderer/lib/open-calls.ts';
import { newId } from '../../../../sync/base/ids.ts';
import { makeMember } from '../made.ts';
import { settled } from '../scripted-core.ts';

type Posted = { t: 'request'; id: string; method: string; input: Record<string, unknown> };

function setUp() {
  const posted: Posted[] = [];
  let hear: (message: unknown) => void = () => undefined;
  const core = createCoreClient({
    post: (message) => posted.push(message as Posted),
    onMessage: (listener) => {
      hear = listener;
      return () => undefined;
    },
  });
  const reply = (request: Posted | undefined, data: unknown): void =>
    hear({ t: 'reply', id: request?.id ?? '', ok: true, data });
  return {
    core,
    posted,
    reply,
    say: (message: unknown): void => hear(message),
    die: (): void => hear({ t: 'core', state: 'restarting', message: '' }),
    ready: (): void => hear({ t: 'ready' }),
  };
}
const stamp = () => ({ opId: newId<never>(), cardId: newId<never>(), count: 1 });

test('a call made before the core is ready is sent when it is', async () => {
  const { core, posted, reply, ready } = setUp();
  const ping = core.calls['core.ping']({});
  expect(posted).toEqual([]);
  ready();
  reply(posted[0], {});
  await expect(ping).resolves.toEqual({});
});

test('a command that was open when the core died is sent again with the same op id', async () => {
  const { core, posted, reply, ready, die } = setUp();
  ready();
  const input = stamp();
  const added = core.calls['stamps.add'](input);
  die();
  expect(posted).toHaveLength(1);
  ready();
  expect(posted.map((request) => request.input)).toEqual([input, input]);
  expect(posted[1]?.id).toBe(posted[0]?.id);
  const answer = { opId: input.opId, cardId: null, member: makeMember() };
  reply(posted[1], answer);
  await expect(added).resolves.toEqual(answer);
});

test('a query that was open is asked again, and one asked meanwhile waits', () => {
  const { core, posted, ready, die } = setUp();
  ready();
  void core.calls['members.lookup']({ text: 'tan' });
  die();
  void core.calls['till.get']({});
  expect(posted.map(({ method }) => method)).toEqual(['members.lookup']);
  ready();
  expect(posted.map(({ method }) => method)).toEqual(['members.lookup', 'members.lookup', 'till.get']);
});

test.each(['till.enrol', 'session.signIn', 'sync.run', 'scans.resolve'] as const)(
  '%s has no op id, so it is never sent twice',
  async (method) => {
    const { core, posted, ready, die } = setUp();
    ready();
    const call = (core.calls[method] as (input: unknown) => Promise<unknown>)({});
    die();
    ready();
    await expect(call).rejects.toMatchObject({ code: 'core_restarted' });
    expect(posted).toHaveLength(1);
  },
);

test('a command at which the core dies every time is given up', async () => {
  const { core, posted, ready, die } = setUp();
  ready();
  const added = core.calls['stamps.add'](stamp());
  for (let death = 0; death < SENDS_MAX; death += 1) {
    die();
    ready();
  }
  await expect(added).rejects.toMatchObject({ code: 'core_restarted' });
  expect(posted).toHaveLength(SENDS_MAX);
});

test('the host repeats "ready" after the core: open calls are sent once', () => {
  const { core, posted, ready, say } = setUp();
  void core.calls['till.get']({});
  ready();
  say({ t: 'core', state: 'ready', message: '' });
  expect(posted).toHaveLength(1);
});

test('a core that nobody starts again fails what is open and what comes', async () => {
  const { core, ready, say } = setUp();
  ready();
  const open = core.calls['till.get']({});
  say({ t: 'core', state: 'failed', message: 'ended 6 times' });
  await expect(open).rejects.toMatchObject({ code: 'core_stopped' });
  await expect(core.calls['till.get']({})).rejects.toMatchObject({ code: 'core_stopped' });
  expect(core.life()).toEqual({ status: 'failed', message: 'ended 6 times' });
});

test('a refusal stays in front, whatever the host says about the process afterwards', () => {
  const { core, say } = setUp();
  const lives: CoreLife['status'][] = [];
  core.onLife(({ status }) => lives.push(status));
  say({ t: 'refused', code: 'key_missing', message: 'no key file' });
  say({ t: 'core', state: 'ready', message: '' });
  say({ t: 'core', state: 'failed', message: 'left' });
  expect(core.life()).toEqual({ status: 'refused', code: 'key_missing', message: 'no key file' });
  expect(lives).toEqual(['refused']);
});

test('a refused call says its code; a code nobody knows is a bug', async () => {
  const { core, posted, ready, say } = setUp();
  ready();
  const first = core.calls['till.get']({});
  const second = core.calls['till.get']({});
  say({ t: 'reply', id: posted[0]?.id, ok: false, error: { code: 'disk_full', message: 'm' } });
  say({ t: 'reply', id: posted[1]?.id, ok: false, error: { code: 'what', message: 'm' } });
  await expect(first).rejects.toMatchObject({ code: 'disk_full', message: 'm', waitSeconds: null });
  await expect(second).rejects.toMatchObject({ code: 'bug' });
  const third = core.calls['session.signIn']({ login: 'cashier', pin: '480617' });
  const locked = { code: 'pin_locked', message: 'm', waitSeconds: 18 };
  say({ t: 'reply', id: posted[2]?.id, ok: false, error: locked });
  expect(failureOf(await third.catch((cause: unknown) => cause))).toEqual(locked);
});

test('an answer of another shape than agreed is a bug, not data', async () => {
  const { core, posted, reply, ready } = setUp();
  ready();
  const got = core.calls['members.get']({ memberId: newId<never>() });
  reply(posted[0], { memberId: 'x' });
  await expect(got).rejects.toMatchObject({ code: 'bug' });
});

test('events reach their listeners parsed; strange ones and strange messages do nothing', async () => {
  const { core, say, ready } = setUp();
  const heard: unknown[] = [];
  const stop = core.on('data.changed', (event) => heard.push(event));
  ready();
  say({ t: 'event', name: 'data.changed', data: { memberIds: null } });
  say({ t: 'event', name: 'data.changed', data: { memberIds: 7 } });
  say({ t: 'event', name: 'toString', data: {} });
  say('nonsense');
  stop();
  say({ t: 'event', name: 'data.changed', data: { memberIds: null } });
  await settled();
  expect(heard).toEqual([{ memberIds: null }]);
});
