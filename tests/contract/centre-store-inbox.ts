import { expect, test } from 'vitest';
import { inboxId, type NewInboxItem } from '../../crm/repos/inbox.ts';
import type { CentreStore } from '../../crm/store.ts';
import type { TillId } from '../../sync/base/ids.ts';
import * as sample from '../unit/db/samples.ts';

/** What waits for a manager: the same of every store. */
export function inboxItems(
  inUnit: <T>(work: (store: CentreStore) => Promise<T>) => Promise<T>,
  tillId: TillId,
): void {
  test('an inbox item is raised once, answered once, and its answer can be changed', async () => {
    const item: NewInboxItem = {
      ...{ id: inboxId(500, 1), topic: 'overdrawn a', memberId: sample.memberId(2), tillId },
      ...{ opId: sample.opId(1), seq: 500, atMs: 5 },
      detail: { kind: 'overdrawn', accountId: sample.accountId(2), balance: -1 },
    };
    const answered = { answer: 'seen', answeredBy: 'staff-1', answeredAtMs: 9 };
    const seen = await inUnit(async (store) => {
      await store.insertInbox([item, { ...item, id: inboxId(500, 2) }]);
      const open = await store.lockInboxItem(item.id);
      const second = await store.lockInboxItem(inboxId(500, 2));
      await store.closeInbox(['overdrawn a', 'nothing'], answered);
      await store.closeInbox(['overdrawn a'], { ...answered, answer: 'late' });
      const closed = await store.lockInboxItem(item.id);
      await store.answerInbox(item.id, { ...answered, answer: 'changed' });
      const changed = await store.lockInboxItem(item.id);
      const count = (answer: string) => store.countAnswered(['overdrawn a', 'nothing'], answer);
      const counts = [await count('changed'), await count('seen')];
      return [open?.state, second, closed?.answer, changed?.answer, changed?.detail, ...counts];
    });
    expect(seen).toEqual(['open', undefined, 'seen', 'changed', item.detail, 1, 0]);
  });

  test('an open item is found by how its topic begins, and what it says can be changed', async () => {
    const detail = { kind: 'ops_rescued' as const, booked: 1, kept: 0 };
    const about = { memberId: null, tillId, opId: null, seq: 501, atMs: 5, detail };
    const seen = await inUnit(async (store) => {
      const topics = ['ops_rescued till-1 1-7', 'ops_rescued till-1 1-9', 'ops_rescued till-1 11-3'];
      await store.insertInbox(topics.map((topic, at) => ({ ...about, id: inboxId(501, at), topic })));
      const first = await store.findOpenItem('ops_rescued till-1 1-');
      await store.changeDetail(inboxId(501, 0), { ...detail, booked: 3 });
      const changed = await store.findOpenItem('ops_rescued till-1 1-');
      await store.closeInbox(topics.slice(0, 2), { answer: 'keep', answeredBy: 'a', answeredAtMs: 9 });
      const [none, other] = [
        await store.findOpenItem('ops_rescued till-1 1-'),
        await store.findOpenItem('ops'),
      ];
      return [first?.topic, first?.detail, changed?.topic, changed?.detail, none, other?.topic];
    });
    expect(seen).toEqual([
      ...['ops_rescued till-1 1-7', detail, 'ops_rescued till-1 1-7', { ...detail, booked: 3 }],
      ...[undefined, 'ops_rescued till-1 11-3'],
    ]);
  });
  words(inUnit, tillId);
}

function words(...[inUnit, tillId]: Parameters<typeof inboxItems>): void {
  test('of somebody who is erased no words are kept, whether they were said before or after', async () => {
    const [gone, other] = [sample.memberId(6), sample.memberId(7)];
    const about = { memberId: other, tillId, opId: null, seq: 502, atMs: 5 };
    const items: NewInboxItem[] = [
      { ...about, detail: { kind: 'shared_mobile', memberIds: [other, gone] } },
      { ...about, memberId: gone, detail: { kind: 'late_edit', opKind: 'member.changed' } },
      { ...about, detail: { kind: 'late_edit', opKind: 'member.changed' } },
    ].map((item, at) => ({ ...item, id: inboxId(502, at), topic: `words ${at}` }) as NewInboxItem);
    const answered = { answer: 'keep', answeredBy: 'staff-1', answeredAtMs: 9, reason: 'said' };
    const seen = await inUnit(async (store) => {
      await store.insertInbox(items);
      const [pair, late, others] = items.map(({ id }) => id) as [string, string, string];
      await store.answerInbox(pair, answered);
      await store.answerInbox(others, answered);
      await store.eraseMembers([{ memberId: gone, seq: 1, atMs: 6 }]);
      await store.answerInbox(late, answered);
      const kept = [await store.lockInboxItem(pair), await store.lockInboxItem(late)];
      return [...kept, await store.lockInboxItem(others)].map((item) => [item?.answer, item?.reason]);
    });
    expect(seen).toEqual([
      ['keep', ''],
      ['keep', ''],
      ['keep', 'said'],
    ]);
  });
}
