import { afterEach, beforeEach, expect, test } from 'vitest';
import { contract, type MethodName } from '../../../../../electron/contract/index.ts';
import { OFFICE_OPEN, OFFICE_REFUSES } from '../../../../../electron/core/office-seat.ts';
import { GRACE_MS, STRANGER_MS } from '../../../../../electron/hosts/office/desks.ts';
import { newId, type CardTypeId, type OpId } from '../../../../../sync/base/ids.ts';
import { must } from '../../../../../sync/base/must.ts';
import { PINS } from '../../../../parts/shop.ts';
import { newBrowser, openTab, type Tab } from './browser.ts';
import { openOffice, type OfficeSite } from './office-site.ts';

let site: OfficeSite;
let browser: string;
beforeEach(async () => {
  site = await openOffice();
  browser = await newBrowser(site.url);
});
afterEach(() => site.close());

type Who = keyof typeof PINS;
const signIn = (tab: Tab, who: Who, more: { takesOver?: boolean } = {}) =>
  tab.calls['session.signIn']({ login: who, pin: PINS[who], ...more });
const codeOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'done',
    (cause: { code: string }) => cause.code,
  );
const who = async (tab: Tab): Promise<string | null> =>
  (await tab.calls['till.get']({})).session?.person.login ?? null;
const nextEvent = (tab: Tab, name: string): Promise<unknown> =>
  new Promise((resolve) => {
    const look = (): void => {
      const event = tab.events.find((each) => each.name === name);
      if (event !== undefined) return resolve(event.data);
      tab.socket.once('message', () => setImmediate(look));
    };
    look();
  });
const newTab = async (): Promise<Tab> => openTab(site.url, await newBrowser(site.url));

/** Anything at all: who may not call is told so before anybody looks at it. */
const call = (tab: Tab, method: MethodName): Promise<unknown> =>
  (tab.calls[method] as (input: unknown) => Promise<unknown>)({});

/** A member with a stamp card, enrolled by whoever works at `tab`. */
async function enrol(tab: Tab) {
  const { member } = await tab.calls['members.add']({
    ...{ opId: newId<OpId>(), draft: { lastName: 'Tan', mobile: '9111 0001' }, cardNumber: null },
    ...{ cardTypeId: 'coffee' as CardTypeId, hasMarketingConsent: true },
  });
  const { cardId, cardNumber } = must(member.cards[0], 'enrolled with a card');
  return { memberId: member.memberId, cardId, cardNumber };
}

test('before a sign-in every call is refused but the few that draw it, and those name nobody', async () => {
  const tab = await newTab();
  for (const method of Object.keys(contract) as MethodName[]) {
    if (OFFICE_OPEN.has(method)) continue;
    const expected = OFFICE_REFUSES.has(method) ? 'till_only' : 'signin_required';
    expect([method, await codeOf(call(tab, method))]).toEqual([method, expected]);
  }
  expect([...OFFICE_OPEN].sort()).toEqual([
    'core.ping',
    'session.signIn',
    'session.signOut',
    'sync.getStatus',
    'till.get',
  ]);
  expect(await tab.calls['till.get']({})).toMatchObject({ screen: 'office', people: [], session: null });
});

test('what is of a counter is refused for a manager too', async () => {
  const tab = await newTab();
  await signIn(tab, 'manager');
  for (const method of OFFICE_REFUSES)
    expect([method, await codeOf(call(tab, method))]).toEqual([method, 'till_only']);
});

test('a cashier reads and stamps, and nothing of a manager’s is hers', async () => {
  const tab = await newTab();
  await signIn(tab, 'cashier');
  expect(await codeOf(tab.calls['members.lookup']({ text: 'tan' }))).toBe('done');
  expect(await codeOf(tab.calls['inbox.list']({}))).toBe('not_allowed');
  expect(await codeOf(tab.calls['till.diagnose']({}))).toBe('not_allowed');
  expect(await codeOf(tab.calls['till.verify']({}))).toBe('not_allowed');
  const { memberId } = await enrol(tab);
  const asked = { opId: newId<OpId>(), memberId, reason: 'asked' };
  const second = { login: 'supervisor', pin: PINS.supervisor };
  expect(await codeOf(tab.calls['members.setState']({ ...asked, action: 'block' }))).toBe('not_allowed');
  expect(await codeOf(tab.calls['members.anonymise']({ ...asked, second }))).toBe('not_allowed');
});

test('what stood in the way of an act that carries a PIN was no guess: she can still sign in', async () => {
  const tab = await newTab();
  await signIn(tab, 'cashier');
  const { memberId } = await enrol(tab);
  const second = { login: 'supervisor', pin: PINS.supervisor };
  const asked = { memberId, reason: 'asked', second };
  for (let tries = 0; tries < 25; tries += 1)
    expect(await codeOf(tab.calls['members.anonymise']({ opId: newId<OpId>(), ...asked }))).toBe(
      'not_allowed',
    );
  const other = await newTab();
  await signIn(other, 'manager');
  expect(await who(other)).toBe('manager');
});

test('two people at once: each acts in her own name, and neither has the other’s session, words or looks', async () => {
  const [first, second] = [await newTab(), await newTab()];
  await signIn(first, 'cashier');
  await signIn(second, 'manager');
  const { cardId, memberId } = await enrol(first);
  await first.calls['stamps.add']({ opId: newId<OpId>(), cardId, count: 1 });
  await second.calls['stamps.add']({ opId: newId<OpId>(), cardId, count: 2 });
  const { history } = await second.calls['members.get']({ memberId });
  expect(history.map(({ actorName }) => actorName).sort()).toEqual(['cashier', 'manager']);
  await second.calls['preferences.set']({ language: 'zh' });
  expect((await second.calls['till.get']({})).preferences.language).toBe('zh');
  expect((await first.calls['till.get']({})).preferences.language).toBe('en');
  await first.calls['session.signOut']({});
  expect([await who(first), await who(second)]).toEqual([null, 'manager']);
});

test('a scan of one page is that page’s alone; what changed is told to who is signed in', async () => {
  const [first, second, nobody] = [await newTab(), await newTab(), await newTab()];
  await signIn(first, 'cashier');
  await signIn(second, 'manager');
  const { cardId, cardNumber } = await enrol(first);
  await first.calls['scans.resolve']({ text: cardNumber });
  await nextEvent(first, 'scan.resolved');
  await first.calls['stamps.add']({ opId: newId<OpId>(), cardId, count: 1 });
  await nextEvent(second, 'data.changed');
  await nobody.calls['core.ping']({});
  const names = (tab: Tab): string[] => tab.events.map(({ name }) => name);
  expect(names(second)).not.toContain('scan.resolved');
  expect(names(nobody).filter((name) => !/^(till|sync)\.changed$/.test(name))).toEqual([]);
});

test('one session per person: a second sign-in asks, takes over when told to, and the first hears it', async () => {
  const [first, second] = [await newTab(), await newTab()];
  await signIn(first, 'manager');
  expect(await codeOf(signIn(second, 'manager'))).toBe('signed_in_elsewhere');
  expect([await who(first), await who(second)]).toEqual(['manager', null]);
  expect(
    await codeOf(second.calls['session.signIn']({ login: 'manager', pin: '000000', takesOver: true })),
  ).toBe('pin_wrong');
  expect(await who(first)).toBe('manager');
  await signIn(second, 'manager', { takesOver: true });
  expect(await nextEvent(first, 'session.ended')).toEqual({ reason: 'elsewhere' });
  expect([await who(first), await who(second)]).toEqual([null, 'manager']);
  expect(await codeOf(first.calls['members.lookup']({ text: 'tan' }))).toBe('signin_required');
  await second.calls['session.signOut']({});
  expect(await codeOf(signIn(first, 'manager'))).toBe('done');
});

test('a page that is loaded again goes on, with a new token each time, and the old one is of no use', async () => {
  const tab = await openTab(site.url, browser);
  await signIn(tab, 'cashier');
  await tab.leave();
  const again = await openTab(site.url, browser, { token: tab.token });
  expect([again.isSame, await who(again)]).toEqual([true, 'cashier']);
  expect(again.token).not.toBe(tab.token);
  const stale = await openTab(site.url, browser, { token: tab.token });
  expect([stale.isSame, await who(stale)]).toEqual([false, null]);
  expect(await who(again)).toBe('cashier');
});

test('an answer with a new token that got lost costs nobody the session: the one before counts until it is kept', async () => {
  const tab = await openTab(site.url, browser);
  await signIn(tab, 'cashier');
  await tab.leave();
  const lost = await openTab(site.url, browser, { token: tab.token, keeps: false });
  lost.socket.terminate();
  await lost.closed;
  const again = await openTab(site.url, browser, { token: tab.token });
  expect(await who(again)).toBe('cashier');
});

test('a token is of one browser: with another’s cookie it opens nothing', async () => {
  const tab = await openTab(site.url, browser);
  await signIn(tab, 'manager');
  const thief = await openTab(site.url, await newBrowser(site.url), { token: tab.token });
  expect([thief.isSame, await who(thief)]).toEqual([false, null]);
  expect(await who(tab)).toBe('manager');
});

test('a made-up token, or one that is none, is nobody’s', async () => {
  await signIn(await openTab(site.url, browser), 'manager');
  const tab = await openTab(site.url, browser, { token: 'A'.repeat(43) });
  expect([tab.isSame, await who(tab)]).toEqual([false, null]);
  await expect(openTab(site.url, browser, { token: '' })).rejects.toThrow('closed with');
});

test('the same page in two tabs is one page: the newer has it, the older is told', async () => {
  const first = await openTab(site.url, browser);
  await signIn(first, 'cashier');
  const second = await openTab(site.url, browser, { token: first.token });
  expect(await first.closed).toBe(4001);
  expect(await who(second)).toBe('cashier');
});

test('who stays away longer than the grace time is signed out, and her place is free', async () => {
  const tab = await openTab(site.url, browser);
  await signIn(tab, 'cashier');
  await tab.leave();
  site.pass(GRACE_MS - 1);
  const back = await openTab(site.url, browser, { token: tab.token });
  expect(await who(back)).toBe('cashier');
  await back.leave();
  site.pass(GRACE_MS);
  const late = await openTab(site.url, browser, { token: back.token });
  expect([late.isSame, await who(late)]).toEqual([false, null]);
  expect(await codeOf(signIn(late, 'cashier'))).toBe('done');
});

test('who touches nothing is signed out and told why; who does stays', async () => {
  const [idle, busy] = [await newTab(), await newTab()];
  await signIn(idle, 'cashier');
  await signIn(busy, 'manager');
  site.pass(14 * 60_000);
  busy.used();
  await busy.calls['core.ping']({});
  // Reading again by itself is not a person.
  await idle.calls['till.get']({});
  site.pass(60_000);
  expect(await nextEvent(idle, 'session.ended')).toEqual({ reason: 'idle' });
  expect([await who(idle), await who(busy)]).toEqual([null, 'manager']);
});

test('guessing PINs is limited for a person, at whatever page', async () => {
  const [tab, other] = [await newTab(), await newTab()];
  for (let tries = 0; tries < 4; tries += 1)
    expect(await codeOf(tab.calls['session.signIn']({ login: 'manager', pin: '000000' }))).toBe('pin_wrong');
  expect(await codeOf(signIn(tab, 'manager'))).toBe('pin_locked');
  expect(await codeOf(signIn(other, 'manager'))).toBe('pin_locked');
  expect(await codeOf(signIn(other, 'cashier'))).toBe('done');
});

test('guessing PINs is limited for one address over all names: then also the right one waits', async () => {
  const tab = await newTab();
  const guess = (login: string): Promise<string> =>
    codeOf(tab.calls['session.signIn']({ login, pin: '000000' }));
  const names = ['manager', 'supervisor', 'nobody'];
  const codes: string[] = [];
  for (const login of names) for (let tries = 0; tries < 4; tries += 1) codes.push(await guess(login));
  // Each may be tried once more after a wait of its own that grows.
  for (const waitMs of [31_000, 61_000, 121_000]) {
    site.pass(waitMs);
    for (const login of names) if (codes.length < 20) codes.push(await guess(login));
  }
  expect([codes.length, new Set(codes)]).toEqual([20, new Set(['pin_wrong'])]);
  await expect(signIn(await newTab(), 'cashier')).rejects.toMatchObject({
    ...{ code: 'pin_locked', waitSeconds: 900 },
  });
  site.pass(15 * 60_000);
  expect(await codeOf(signIn(await newTab(), 'cashier'))).toBe('done');
});

test('a PIN that is asked for beside the person at work is guessed no oftener than at a sign-in; a right one costs no try', async () => {
  const tab = await newTab();
  await signIn(tab, 'manager');
  const { memberId } = await enrol(tab);
  const anonymise = (login: string, pin: string): Promise<string> =>
    codeOf(
      tab.calls['members.anonymise']({
        ...{ opId: newId<OpId>(), memberId, reason: 'asked', second: { login, pin } },
      }),
    );
  const staff = await tab.calls['documents.list']({ kind: 'staff' });
  const own = must(
    staff.find(({ id }) => id === 'staff-manager'),
    'she works here',
  );
  const changePin = (ownPin: string): Promise<string> =>
    codeOf(
      tab.calls['documents.save']({
        ...{ opId: newId<OpId>(), kind: 'staff', id: own.id, baseVersion: own.body.version, body: own.body },
        ...{ pin: '731904', ownPin },
      }),
    );
  for (let tries = 0; tries < 18; tries += 1)
    expect(await anonymise(`nobody-${tries}`, '000000')).toBe('pin_wrong');
  expect(await changePin('000000')).toBe('pin_wrong');
  expect(await anonymise('supervisor', PINS.supervisor)).toBe('done');
  expect(await anonymise('nobody-else', '000000')).toBe('pin_wrong');
  expect([await anonymise('one-more', '000000'), await changePin('000000')]).toEqual([
    ...['pin_locked', 'pin_locked'],
  ]);
  expect(await codeOf(signIn(await newTab(), 'cashier'))).toBe('pin_locked');
  expect(await who(tab)).toBe('manager');
});

test('calls that come faster than answers wait their turn, and each is answered', async () => {
  const tab = await newTab();
  await signIn(tab, 'cashier');
  const asked = Array.from({ length: 1_000 }, () => tab.calls['members.lookup']({ text: 'tan' }));
  expect((await Promise.all(asked)).length).toBe(1_000);
});

test('a request id that is used twice gives no try back', async () => {
  const tab = await newTab();
  const guess = (id: string): void => {
    const input = { login: `nobody-${id}`, pin: '000000' };
    tab.socket.send(JSON.stringify({ t: 'request', id, method: 'session.signIn', input }));
    tab.socket.send(JSON.stringify({ t: 'request', id, method: 'core.ping', input: {} }));
  };
  for (let tries = 0; tries < 24; tries += 1) guess(`id-${tries}`);
  expect(await codeOf(signIn(tab, 'cashier'))).toBe('pin_locked');
});

test('wrong PINs tell nobody who works there: a name that nobody has is locked like a person’s', async () => {
  const tab = await newTab();
  const tried = async (login: string): Promise<string[]> => {
    const codes: string[] = [];
    for (let tries = 0; tries < 5; tries += 1)
      codes.push(await codeOf(tab.calls['session.signIn']({ login, pin: '000000' })));
    return codes;
  };
  const person = await tried('manager');
  expect(person.at(-1)).toBe('pin_locked');
  expect([await tried('nobody'), await tried('nobody-else')]).toEqual([person, person]);
});

test('pages at which nobody is signed in keep nobody out: the oldest give way, and none stays for good', async () => {
  const worker = await newTab();
  await signIn(worker, 'manager');
  const strangers: Tab[] = [];
  for (let count = 0; count < 9; count += 1) strangers.push(await openTab(site.url, browser));
  await strangers[0]?.closed;
  const open = strangers.slice(1);
  for (const tab of open) expect(await codeOf(tab.calls['core.ping']({}))).toBe('done');
  site.pass(STRANGER_MS);
  await Promise.all(open.map(({ closed }) => closed));
  expect(await who(worker)).toBe('manager');
});
