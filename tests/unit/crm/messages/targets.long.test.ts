import { expect, test } from 'vitest';
import { createChooser } from '../../../../crm/messages/choose.ts';
import { saveDocuments } from '../../../../crm/repos/documents.ts';
import {
  closeFinished,
  insertSends,
  listMessages,
  listSends,
  saveFate,
  takeSend,
} from '../../../../crm/repos/messages.ts';
import { newId, WHOLE_CHAIN, type MemberId, type OpId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import { SavedFilter } from '../../../../sync/model/register.ts';
import { Segment } from '../../../../sync/model/segment.ts';
import type { MessageTemplate } from '../../../../sync/model/template.ts';
import type { MailBox } from '../../../parts/mail-box.ts';
import type { TestCentre } from '../test-centre.ts';
import type { TestTill } from '../test-till.ts';
import { mailCentreForEach } from './mail-centre.ts';

let open: TestCentre;
let till: TestTill;
let box: MailBox;

const TEMPLATE: MessageTemplate = {
  ...{ templateId: 'receipt', version: 1, name: 'Receipt', channel: 'email', purpose: 'service' },
  ...{ subject: 'Hello', body: 'Dear {{name}}', isRetired: false },
};
const HERE = { column: 'city', op: 'is', text: 'Here' };
const filter = (version: number, changes: object = {}): SavedFilter =>
  SavedFilter.parse({
    ...{ filterId: 'here', version, name: 'Here', search: '', filter: { match: 'all', rules: [HERE] } },
    ...changes,
  });
const saveFilter = (version: number, changes: object = {}): Promise<void> =>
  open.centre.database.transaction((tx) =>
    saveDocuments(tx, [{ kind: 'filter', id: 'here', body: filter(version, changes) }]),
  );
const everybody = { filter: { match: 'all', rules: [] } };

mailCentreForEach(async (made) => {
  ({ open, till, box } = made);
  await open.centre.database.transaction((tx) =>
    saveDocuments(tx, [{ kind: 'template', id: 'receipt', body: TEMPLATE }]),
  );
  await saveFilter(1);
  for (let at = 0; at < 5; at += 1)
    till.makeMember({ city: at < 3 ? 'Here' : 'Elsewhere', email: `p${at}@example.com` });
});

const ask = (filterVersion?: number, segmentId = 'here'): OpId =>
  till.make({
    ...{ kind: 'message.requested', memberId: WHOLE_CHAIN, segmentId },
    ...{ templateId: 'receipt', templateVersion: 1 },
    ...(filterVersion !== undefined && { filterVersion }),
  }).opId;
const newest = async () => (await listMessages(open.centre.database.sql))[0];
async function rehearse(filterVersion?: number): Promise<unknown> {
  const asked = { actorId: 'staff-1', templateId: 'receipt', segmentId: 'here' };
  const said = await till.sendTo('/v1/messages/rehearse', {
    ...asked,
    ...(filterVersion !== undefined && { filterVersion }),
  });
  return said.body;
}

test('a saved filter is written to as it was counted, and nobody by one that was saved anew since', async () => {
  ask(1);
  await till.sync();
  await open.centre.sender.sendDue();
  expect([(await newest())?.state, box.mails.length]).toEqual(['done', 3]);
  ask(1);
  await saveFilter(2, { filter: { match: 'all', rules: [{ ...HERE, text: 'Elsewhere' }] } });
  await till.sync();
  await open.centre.sender.sendDue();
  expect(await newest()).toMatchObject({ state: 'refused', reason: 'filter_changed', fates: [] });
  // Who asks without a version has counted nothing that is known here.
  ask();
  await till.sync();
  await open.centre.sender.sendDue();
  expect(await newest()).toMatchObject({ state: 'refused', reason: 'filter_changed' });
  expect(box.mails).toHaveLength(3);
});

test('nobody is written to by a filter or a segment that was put away, or by a filter that asks nothing', async () => {
  const segment = Segment.parse({
    ...{ segmentId: 'gone', version: 1, name: 'Gone', match: 'all', isRetired: true },
    conditions: [{ test: 'oneOf', field: 'city', values: ['Here'] }],
  });
  await open.centre.database.transaction((tx) =>
    saveDocuments(tx, [{ kind: 'segment', id: 'gone', body: segment }]),
  );
  await saveFilter(2, { isRetired: true });
  const reasons: (string | undefined)[] = [];
  for (const [version, id] of [
    [2, 'here'],
    [undefined, 'gone'],
  ] as const) {
    ask(version, id);
    await till.sync();
    await open.centre.sender.sendDue();
    reasons.push((await newest())?.reason);
  }
  await saveFilter(3, everybody);
  ask(3);
  await till.sync();
  await open.centre.sender.sendDue();
  reasons.push((await newest())?.reason);
  expect(reasons).toEqual(['segment_unknown', 'segment_unknown', 'filter_empty']);
  expect(box.mails).toEqual([]);
});

/** A message that was taken up, and of whose people nobody is written down. */
async function takenUp(): Promise<OpId> {
  const opId = ask(1);
  await till.sync();
  await open.centre.database.sql.query(
    `insert into messages (op_id, seq, template_id, template_version, channel, segment_id, actor_id, asked_at_ms, state)
     select op_id, seq, 'receipt', 1, 'email', 'here', 'staff-1', 0, 'choosing' from ops where op_id = $1`,
    [opId],
  );
  return opId;
}

test('a filter that is saved anew while its people are written down sends to nobody else', async () => {
  const opId = await takenUp();
  const choose = createChooser(open.centre, 3);
  await choose();
  await saveFilter(2, { search: 'a' });
  while (await choose());
  const sends = await listSends(open.centre.database.sql, opId, 100);
  expect(sends.length).toBeGreaterThan(0);
  expect(new Set(sends.map(({ state, reason }) => `${state} ${reason}`))).toEqual(
    new Set(['skipped filter_changed']),
  );
  expect(await newest()).toMatchObject({ state: 'refused', reason: 'filter_changed' });
  await open.centre.sender.sendDue();
  expect(box.mails).toEqual([]);
});

test('what went out before its filter was saved anew is told as sent, and only the rest as refused', async () => {
  const opId = await takenUp();
  const { sql } = open.centre.database;
  // Of five people three are meant: two of them at least are among the first four.
  const choose = createChooser(open.centre, 4);
  await choose();
  const take = async () => must(await takeSend(sql, 'email', open.centre.clock.nowMs()), 'one is due');
  const [sent, later] = [await take(), await take()];
  await saveFate(sql, sent, { state: 'sent', reason: '', nextAtMs: 0 });
  await saveFilter(2, { search: 'a' });
  while (await choose());
  expect(await newest()).toMatchObject({ state: 'sending', reason: 'filter_changed' });
  // Neither who would be tried again nor who goes on for somebody else waits for it any more.
  await saveFate(sql, later, { state: 'queued', reason: 'busy', nextAtMs: 0 });
  const heir = newId<MemberId>();
  await insertSends(sql, { opId, channel: 'email' }, [{ memberId: heir, skipReason: '' }]);
  const fates = new Map((await listSends(sql, opId, 100)).map((line) => [line.memberId, line]));
  expect(fates.get(sent.memberId)).toMatchObject({ state: 'sent', reason: '' });
  for (const memberId of [later.memberId, heir])
    expect(fates.get(memberId)).toMatchObject({ state: 'skipped', reason: 'filter_changed' });
  await closeFinished(sql);
  expect(await newest()).toMatchObject({ state: 'done', reason: 'filter_changed' });
  await open.centre.sender.sendDue();
  expect(box.mails).toEqual([]);
});

test('a rehearsal is of the version that is asked about, or says why there is none', async () => {
  await till.sync();
  expect(await rehearse(1)).toEqual({ willGet: 3, willNot: [] });
  await saveFilter(2, everybody);
  expect(await rehearse(1)).toMatchObject({ message: expect.stringContaining('another version') });
  expect(await rehearse(2)).toMatchObject({ message: expect.stringContaining('everybody') });
  await saveFilter(3, { isRetired: true });
  expect(await rehearse(3)).toMatchObject({ message: expect.stringContaining('no such template, segment') });
});
