import { expect, test } from 'vitest';
import type { CardListRow } from '../../../../../electron/contract/card-list.ts';
import { AppError, type ErrorCode } from '../../../../../electron/contract/errors.ts';
import type { CoreClient } from '../../../../../electron/contract/index.ts';
import { createCardsStore, PAGE_ROWS } from '../../../../../renderer/features/cards/cards-store.ts';
import { Attribute } from '../../../../../sync/model/attributes.ts';
import { makeCard, makeMember } from '../../made.ts';

const rowOf = (cardNumber: string): CardListRow => ({
  memberId: makeMember().memberId,
  memberName: 'Tan',
  memberState: 'active',
  card: makeCard({ cardNumber }),
});

const SIZE = Attribute.parse({ attributeId: 'size', version: 1, name: 'Size', type: 'number', of: 'card' });

/** A core that answers when it is told to, and remembers what it was asked. */
function startStore(setData: () => Promise<unknown> = () => Promise.resolve({})) {
  const asked: { method: string; input: Record<string, unknown> }[] = [];
  const answers: ((rows: CardListRow[]) => void)[] = [];
  const core = {
    'cards.list': (input: Record<string, unknown>) => {
      asked.push({ method: 'cards.list', input });
      return new Promise((resolve) => {
        answers.push((rows) =>
          resolve({
            rows,
            total: 9,
            isLaid: true,
            after: rows.length > 0 ? { key: 'k', cardNumber: rows[0]?.card.cardNumber } : null,
          }),
        );
      });
    },
    'cards.listAttributes': () => Promise.resolve([SIZE]),
    'cards.setData': (input: Record<string, unknown>) => {
      asked.push({ method: 'cards.setData', input });
      return setData();
    },
    'cards.close': (input: Record<string, unknown>) => {
      asked.push({ method: 'cards.close', input });
      return Promise.resolve({});
    },
  } as unknown as CoreClient;
  return { store: createCardsStore(core), asked, answers };
}

test('of two questions only the later one’s answer is shown', async () => {
  const { store, answers } = startStore();
  const first = store.getState().type('6');
  const second = store.getState().type('60');
  answers[1]?.([rowOf('6035550000000002')]);
  answers[0]?.([rowOf('6035550000000001')]);
  await Promise.all([first, second]);
  expect(store.getState().rows.map(({ card }) => card.cardNumber)).toEqual(['6035550000000002']);
});

test('a page goes on behind the last row, and another condition begins anew', async () => {
  const { store, asked, answers } = startStore();
  const reads = async (act: () => Promise<void>, rows: CardListRow[]): Promise<void> => {
    const done = act();
    answers.at(-1)?.(rows);
    await done;
  };
  const { open, turn, narrow } = store.getState();
  await reads(open, [rowOf('6035550000000001')]);
  await reads(() => turn('next'), [rowOf('6035550000000002')]);
  await reads(() => narrow({ statuses: ['lost'] }), []);
  expect(asked.map(({ input }) => [input['after'], input['limit']])).toEqual([
    [null, PAGE_ROWS],
    [{ key: 'k', cardNumber: '6035550000000001' }, PAGE_ROWS],
    [null, PAGE_ROWS],
  ]);
});

test('a deed is one intent: pressed again while it is under way it is sent once', async () => {
  const { store, asked, answers } = startStore();
  const opening = store.getState().open();
  answers[0]?.([rowOf('6035550000000001')]);
  await opening;
  store.getState().ask('close');
  store.getState().fill({ reason: 'Found dead' });
  const once = store.getState().submit();
  await store.getState().submit();
  expect(asked.filter(({ method }) => method === 'cards.close')).toMatchObject([
    { input: { reason: 'Found dead' } },
  ]);
  await Promise.resolve();
  answers[1]?.([]);
  await once;
  expect(store.getState().doing).toEqual({ status: 'done', deed: 'close' });
});

const ONLY = rowOf('6035550000000001');
/** The form of the only card's data, with a size typed in. */
async function typeSize(started: ReturnType<typeof startStore>, size: string): Promise<void> {
  const { store, answers } = started;
  const opening = store.getState().open();
  answers[0]?.([ONLY]);
  await opening;
  store.getState().ask('data');
  store.getState().fill({ data: { typed: { size }, isInstalled: null } });
}
const setCalls = ({ asked }: ReturnType<typeof startStore>) =>
  asked.filter(({ method }) => method === 'cards.setData').map(({ input }) => input['custom']);

test('a value that does not fit is marked at its field, and nothing is sent', async () => {
  const started = startStore();
  await typeSize(started, 'big');
  await started.store.getState().submit();
  const { form, doing } = started.store.getState();
  expect([form?.isSaying, doing.status, setCalls(started)]).toEqual([true, 'idle', []]);
});

test('a value that the core refuses stays in its form, marked by the rules of today', async () => {
  const started = startStore(() => Promise.reject(new AppError('bad_request', 'no')));
  await typeSize(started, '42');
  const submitting = started.store.getState().submit();
  await new Promise(setImmediate);
  started.answers[1]?.([ONLY]);
  await submitting;
  const { form, doing } = started.store.getState();
  expect([setCalls(started), form?.isSaying, form?.data.typed, doing.status]).toEqual([
    ...[[{ size: '42' }], true, { size: '42' }, 'failed'],
  ]);
});

test('a lost answer, then another value: that the first was saved is told once, and the form goes on as a new intent', async () => {
  const codes: ErrorCode[] = ['core_restarted', 'op_id_reused'];
  const started = startStore(() => {
    const code = codes.shift();
    return code === undefined ? Promise.resolve({}) : Promise.reject(new AppError(code, ''));
  });
  await typeSize(started, '42');
  for (const size of ['42', '43', '43']) {
    started.store.getState().fill({ data: { typed: { size }, isInstalled: null } });
    const submitting = started.store.getState().submit();
    await new Promise(setImmediate);
    started.answers.at(-1)?.([ONLY]);
    await submitting;
  }
  const ids = started.asked
    .filter(({ method }) => method === 'cards.setData')
    .map(({ input }) => input['opId']);
  expect([ids.length, ids[1] === ids[0], ids[2] === ids[0]]).toEqual([3, true, false]);
  expect(started.store.getState().doing).toEqual({ status: 'done', deed: 'data' });
});

test('a form into which nothing was typed is no call', async () => {
  const started = startStore();
  await typeSize(started, ' ');
  await started.store.getState().submit();
  expect([setCalls(started), started.store.getState().form?.deed]).toEqual([[], 'data']);
});
