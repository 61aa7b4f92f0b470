import { beforeEach, expect, test } from 'vitest';
import type { CloseView } from '../../../../../electron/contract/closes.ts';
import { createCloseDayStore } from '../../../../../renderer/features/close-day/close-day-store.ts';
import { isOther, shortHex } from '../../../../../renderer/features/close-day/lines.ts';
import type { PdfOutcome } from '../../../../../renderer/lib/host.ts';
import { createScriptedCore } from '../../scripted-core.ts';

const view = (businessDay: string, changes: Partial<CloseView> = {}): CloseView => ({
  businessDay,
  tillId: 'till-1',
  incarnation: 1,
  isClosable: true,
  closedAtMs: null,
  closedBy: '',
  ranges: [],
  opCount: 0,
  lines: [],
  chainHead: { tseq: 0, hash: '0'.repeat(32) },
  signature: '',
  outstanding: 0,
  held: [],
  heldCount: 0,
  problem: null,
  proof: { state: 'open', checkedAtMs: null, differenceCount: 0, differences: [], elsewhere: 0 },
  ...changes,
});

let core: ReturnType<typeof createScriptedCore>;
let store: ReturnType<typeof createCloseDayStore>;
beforeEach(() => {
  core = createScriptedCore();
  store = createCloseDayStore(core.calls);
});
const state = () => store.getState();

async function opened(): Promise<void> {
  void state().open();
  await core.last('day.listCloses').answer([]);
  await core.last('day.getClose').answer(view('2026-11-22'));
}

test('opens with the day that runs now', async () => {
  await opened();
  expect(core.last('day.getClose').input).toEqual({ businessDay: null });
  expect(state().close?.businessDay).toBe('2026-11-22');
});

test('a slow answer about a day that was left does not take the screen', async () => {
  await opened();
  void state().show('2026-11-20');
  const slow = core.asked.slice(-2);
  void state().show('2026-11-21');
  const [list, close] = core.asked.slice(-2);
  await list?.answer([]);
  await close?.answer(view('2026-11-21'));
  await slow[0]?.answer([]);
  await slow[1]?.answer(view('2026-11-20'));
  expect(state().close?.businessDay).toBe('2026-11-21');
});

test('what is shown stays while it is read again', async () => {
  await opened();
  void state().refresh();
  expect(state().close?.businessDay).toBe('2026-11-22');
  expect(core.last('day.getClose').input).toEqual({ businessDay: '2026-11-22' });
});

test('a close is asked once, names its day, and shows what came of it', async () => {
  await opened();
  state().ask();
  expect(state().closing.status).toBe('asking');
  void state().closeDay();
  void state().closeDay();
  expect(core.asked.filter(({ method }) => method === 'day.close').map(({ input }) => input)).toEqual([
    { businessDay: '2026-11-22' },
  ]);
  const closed = view('2026-11-22', { isClosable: false, closedAtMs: 5 });
  await core.last('day.close').answer(closed);
  expect([state().close?.closedAtMs, state().closing.status]).toEqual([5, 'idle']);
});

test('a refusal is said, and the day stays in front', async () => {
  await opened();
  state().ask();
  void state().closeDay();
  await core.last('day.close').refuse('not_allowed');
  expect(state().closing).toMatchObject({ status: 'failed', failure: { code: 'not_allowed' } });
  expect(state().close?.businessDay).toBe('2026-11-22');
});

test('a kind that the centre counts otherwise stands out; hashes are short enough to read out', () => {
  const line = { kind: 'stamp.added', count: 2, units: 5, centre: { count: 2, units: 5 } };
  expect([line, { ...line, centre: null }, { ...line, units: 6 }].map(isOther)).toEqual([false, false, true]);
  expect(shortHex('0123456789abcdef0123')).toBe('0123 4567 89ab cdef');
});

test('a day that was closed behind another one leaves that in front', async () => {
  await opened();
  state().ask();
  void state().closeDay();
  const closing = core.last('day.close');
  void state().show('2026-11-20');
  const [list, close] = core.asked.slice(-2);
  await closing.answer(view('2026-11-22'));
  expect(core.last('day.getClose').input).toEqual({ businessDay: '2026-11-20' });
  await list?.answer([]);
  await close?.answer(view('2026-11-20'));
  await core.last('day.listCloses').answer([]);
  await core.last('day.getClose').answer(view('2026-11-20'));
  expect(state().close?.businessDay).toBe('2026-11-20');
});

test('a PDF is of the day in front; given up it says nothing, and of a day that was left it says nothing either', async () => {
  const asked: { name: string; answer: (outcome: PdfOutcome) => void }[] = [];
  store = createCloseDayStore(core.calls, (name) => new Promise((answer) => asked.push({ name, answer })));
  await opened();
  const outcomes: string[] = [];
  for (const outcome of ['saved', 'failed', 'cancelled'] as const) {
    const saving = state().savePdf();
    void state().savePdf();
    asked.at(-1)?.answer(outcome);
    await saving;
    outcomes.push(state().pdf);
  }
  expect([outcomes, asked.length, asked[0]?.name]).toEqual([
    ['saved', 'failed', 'none'],
    3,
    'Counterfoil 2026-11-22 till-1',
  ]);
  const saving = state().savePdf();
  void state().show('2026-11-20');
  asked.at(-1)?.answer('saved');
  await saving;
  expect(state().pdf).toBe('none');
});

test('in a browser there is no PDF of its own', async () => {
  await opened();
  await state().savePdf();
  expect([state().canSavePdf, state().pdf]).toEqual([false, 'none']);
});
