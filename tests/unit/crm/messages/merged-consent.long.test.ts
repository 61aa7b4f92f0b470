import { expect, test } from 'vitest';
import { createChooser } from '../../../../crm/messages/choose.ts';
import { saveDocuments } from '../../../../crm/repos/documents.ts';
import { listSends } from '../../../../crm/repos/messages.ts';
import { WHOLE_CHAIN, type MemberId } from '../../../../sync/base/ids.ts';
import { Segment, type Condition } from '../../../../sync/model/segment.ts';
import { MessageTemplate } from '../../../../sync/model/template.ts';
import type { MailBox } from '../../../parts/mail-box.ts';
import type { TestCentre } from '../test-centre.ts';
import type { TestTill } from '../test-till.ts';
import { mailCentreForEach } from './mail-centre.ts';

let open: TestCentre;
let till: TestTill;
let box: MailBox;

const TEMPLATE: MessageTemplate = {
  ...{ templateId: 'news', version: 1, name: 'News', channel: 'email', purpose: 'marketing' },
  ...{ subject: 'Hello', body: 'Dear {{name}}', isRetired: false },
};
const SERVICE: MessageTemplate = { ...TEMPLATE, templateId: 'receipt', purpose: 'service' };
const segment = (segmentId: string, condition: Condition) =>
  Segment.parse({ segmentId, version: 1, name: segmentId, match: 'all', conditions: [condition] });
const SEGMENTS = [
  segment('here', { test: 'oneOf', field: 'city', values: ['Here'] }),
  segment('agreed', { test: 'oneOf', field: 'marketing', values: ['yes'] }),
];

mailCentreForEach(async (made) => {
  ({ open, till, box } = made);
  await open.centre.database.transaction((tx) =>
    saveDocuments(tx, [
      ...[TEMPLATE, SERVICE].map((body) => ({ kind: 'template' as const, id: body.templateId, body })),
      ...SEGMENTS.map((body) => ({ kind: 'segment' as const, id: body.segmentId, body })),
    ]),
  );
});

function say(memberId: MemberId, isGranted: boolean): void {
  const word = { purpose: 'marketing' as const, policyVersion: '1', channel: 'counter' as const };
  till.make({ kind: 'consent.recorded', memberId, ...word, isGranted });
}
function join(name: string): MemberId {
  const { memberId } = till.makeMember({ city: 'Here', email: `${name}@example.com` });
  say(memberId, true);
  return memberId;
}
function merge(memberId: MemberId, intoId: MemberId): void {
  till.make({ kind: 'member.merged', memberId, intoId, reason: '' });
}
/** Bea was merged into Ann and Cid into Bea; Dan is alone. All of them agreed. */
async function mergedThree(): Promise<{ ann: MemberId; cid: MemberId }> {
  const [ann, bea, cid] = [join('ann'), join('bea'), join('cid')];
  join('dan');
  merge(cid, bea);
  merge(bea, ann);
  await till.sync();
  return { ann, cid };
}

async function send(memberId: MemberId, { templateId = 'news', segmentId = '' } = {}): Promise<string[]> {
  const asked = { memberId, segmentId, templateId, templateVersion: 1 };
  const { opId } = till.make({ kind: 'message.requested', ...asked });
  await till.sync();
  await open.centre.sender.sendDue();
  const sends = await listSends(open.centre.database.sql, opId, 100);
  return sends.map(({ state, reason }) => `${state} ${reason}`.trim()).sort();
}
async function rehearse(segmentId: string) {
  const asked = { actorId: 'staff-1', templateId: 'news', segmentId };
  return (await till.sendTo('/v1/messages/rehearse', asked)).body;
}

test('whoever withdrew as any of merged profiles is sent no marketing, asked for by either name', async () => {
  const { ann, cid } = await mergedThree();
  expect(await send(ann)).toEqual(['sent']);
  say(cid, false);
  expect(await send(ann)).toEqual(['skipped no_consent']);
  expect(await send(cid)).toEqual(['skipped merged', 'skipped no_consent']);
  expect(await send(WHOLE_CHAIN, { segmentId: 'here' })).toEqual(['sent', 'skipped no_consent']);
  expect(box.mails.map(({ to }) => to)).toEqual([['ann@example.com'], ['dan@example.com']]);
  expect(await send(ann, { templateId: 'receipt' })).toEqual(['sent']);
});

test('a rehearsal counts the words of merged profiles too', async () => {
  const { cid } = await mergedThree();
  expect(await rehearse('here')).toEqual({ willGet: 2, willNot: [] });
  say(cid, false);
  await till.sync();
  expect(await rehearse('here')).toEqual({ willGet: 1, willNot: [{ reason: 'no_consent', count: 1 }] });
});

test('the centre has nobody among those who agreed who withdrew as a merged profile', async () => {
  const { cid } = await mergedThree();
  expect(await rehearse('agreed')).toEqual({ willGet: 2, willNot: [] });
  say(cid, false);
  await till.sync();
  expect(await rehearse('agreed')).toEqual({ willGet: 1, willNot: [] });
});

test('who gets it is written down page by page, and a program that ends goes on where it was', async () => {
  for (let at = 0; at < 5; at += 1) {
    const { memberId } = till.makeMember({ city: 'Here', email: `p${at}@example.com` });
    say(memberId, at !== 2);
  }
  const target = { memberId: WHOLE_CHAIN, segmentId: 'here', templateId: 'news', templateVersion: 1 };
  const { opId } = till.make({ kind: 'message.requested', ...target });
  await till.sync();
  await open.centre.database.sql.query(
    `insert into messages (op_id, seq, template_id, template_version, channel, segment_id, actor_id, asked_at_ms, state)
     select op_id, seq, 'news', 1, 'email', 'here', 'staff-1', 0, 'choosing' from ops where op_id = $1`,
    [opId],
  );
  const fates = async () =>
    (await listSends(open.centre.database.sql, opId, 100))
      .map(({ state, reason }) => `${state} ${reason}`.trim())
      .sort();
  const first = createChooser(open.centre, 2);
  expect([await first(), (await fates()).length]).toEqual([true, 2]);
  const other = createChooser(open.centre, 2);
  while (await other()) expect((await fates()).length).toBeLessThanOrEqual(5);
  expect(await fates()).toEqual([...Array.from({ length: 4 }, () => 'queued'), 'skipped no_consent']);
  await open.centre.sender.sendDue();
  expect(box.mails).toHaveLength(4);
});
