import { beforeEach, expect, test } from 'vitest';
import { OFFICE_BEAT_MS, OFFICE_MOVED } from '../../../../electron/contract/office.ts';
import { createOfficePort, type LineSocket } from '../../../../renderer/lib/office-port.ts';

const TOKENS = ['A', 'B', 'C'].map((sign) => sign.repeat(43));

/** One line as the test plays the office on it. */
function createLine() {
  const listeners = new Map<string, (event: never) => void>();
  const sent: Record<string, unknown>[] = [];
  let isClosed = false;
  const tell = (name: string, event: object): void => listeners.get(name)?.(event as never);
  const socket: LineSocket = {
    addEventListener: (name: string, listener: (event: never) => void) => void listeners.set(name, listener),
    send: (text) => void sent.push(JSON.parse(text) as Record<string, unknown>),
    close: () => (isClosed = true),
  };
  return {
    socket,
    sent,
    isClosed: () => isClosed,
    open: () => tell('open', {}),
    say: (message: object) => tell('message', { data: JSON.stringify(message) }),
    drop: (code = 1006) => tell('close', { code }),
  };
}

let lines: ReturnType<typeof createLine>[];
let kept: Map<string, string>;
let timers: { act: () => void; delayMs: number }[];
let use: () => void;
let network: () => void;
let heard: unknown[];
let port: ReturnType<typeof createOfficePort>;

beforeEach(() => {
  [lines, kept, timers, heard] = [[], new Map(), [], []];
  port = createOfficePort({
    openSocket: () => {
      const line = createLine();
      lines.push(line);
      return line.socket;
    },
    store: {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => void kept.set(name, value),
      removeItem: (name) => void kept.delete(name),
    },
    schedule: (act, delayMs) => {
      const timer = { act, delayMs };
      timers.push(timer);
      return () => (timers = timers.filter((each) => each !== timer));
    },
    random: () => 0,
    onUse: (listener) => (use = listener),
    onNetwork: (listener) => (network = listener),
  });
  port.onMessage((message) => heard.push(message));
});

const line = (at: number) => {
  const found = lines[at];
  if (found === undefined) throw new Error(`there is no line ${at}`);
  return found;
};
const greet = (at: number, isSame: boolean): void => {
  line(at).open();
  line(at).say({ t: 'desk', token: TOKENS[at], isSame });
};
const request = (id: string) => ({ t: 'request', id, method: 'core.ping', input: {} });
const run = (delayMs: number): void => {
  const timer = timers.find((each) => each.delayMs === delayMs);
  if (timer === undefined) throw new Error(`nothing waits ${delayMs} ms`);
  timers = timers.filter((each) => each !== timer);
  timer.act();
};

test('it says hello first, keeps the token that it gets, and shows it on the next line', () => {
  greet(0, false);
  expect(line(0).sent).toEqual([{ t: 'hello', token: null }, { t: 'kept' }]);
  line(0).drop();
  run(250);
  line(1).open();
  expect(line(1).sent).toEqual([{ t: 'hello', token: TOKENS[0] }]);
});

test('a line that breaks is a core that restarts, told once, and is looked for at growing intervals', () => {
  greet(0, false);
  line(0).drop();
  for (const delayMs of [250, 500, 1_000, 2_000, 4_000, 7_500, 7_500]) {
    run(delayMs);
    line(lines.length - 1).drop();
  }
  expect(heard).toEqual([{ t: 'core', state: 'restarting', message: '' }]);
  network();
  expect(lines).toHaveLength(9);
});

test('a line that goes silent is given up, and what it says later is nobody’s', () => {
  greet(0, false);
  line(0).say({ t: 'beat' });
  run(OFFICE_BEAT_MS * 2.5);
  expect(line(0).isClosed()).toBe(true);
  line(0).say({ t: 'ready' });
  line(0).drop();
  expect(heard).toEqual([{ t: 'core', state: 'restarting', message: '' }]);
  expect(timers.map(({ delayMs }) => delayMs)).toEqual([250]);
});

test('where the office knows the page no longer, what had no answer is not sure; where it does, nothing is said', () => {
  greet(0, false);
  port.post(request('1'));
  port.post(request('2'));
  line(0).say({ t: 'reply', id: '1', ok: true, data: {} });
  line(0).drop();
  heard.length = 0;
  run(250);
  greet(1, true);
  expect(heard).toEqual([]);
  line(1).drop();
  run(250);
  heard.length = 0;
  greet(2, false);
  expect(heard).toEqual([{ t: 'reply', id: '2', ok: false, error: { code: 'core_restarted', message: '' } }]);
});

test('a page that went on in another tab stops here, and takes no token along', () => {
  greet(0, false);
  line(0).drop(OFFICE_MOVED);
  expect(heard).toEqual([{ t: 'refused', code: 'page_moved', message: '' }]);
  expect([kept.size, timers.filter(({ delayMs }) => delayMs < 15_000).length, lines.length]).toEqual([
    0, 0, 1,
  ]);
  network();
  expect(lines).toHaveLength(1);
});

test('that somebody works here is said, and not with each key', () => {
  use();
  greet(0, false);
  use();
  use();
  expect(line(0).sent.filter(({ t }) => t === 'used')).toHaveLength(1);
  run(20_000);
  use();
  expect(line(0).sent.filter(({ t }) => t === 'used')).toHaveLength(2);
});

test('nothing is sent before the office has answered', () => {
  line(0).open();
  port.post(request('1'));
  expect(line(0).sent).toEqual([{ t: 'hello', token: null }]);
});
