import { beforeAll, expect, test } from 'vitest';
import { nodeCrypto } from '../../../crm/node-crypto.ts';
import { AUDIT_START, auditHash } from '../../../crm/repos/audit-log.ts';
import { WHOLE_CHAIN } from '../../../sync/base/ids.ts';
import { AuditView, ExportsReply } from '../../../sync/protocol/inbox.ts';
import { centreForAll } from './centre-for-all.ts';
import { readHeaders, TestTill } from './test-till.ts';

const open = centreForAll();
let till: TestTill;

beforeAll(async () => {
  till = await TestTill.enrol(open.post);
});

const get = async (path: string) => {
  const headers = readHeaders(till.enrolled.token);
  const reply = await open.app.inject({ method: 'GET', url: path, headers });
  return { status: reply.statusCode, body: JSON.parse(reply.body) as { lines?: unknown[] } };
};
const exportId = '018f0000-0000-7000-8000-000000000001';
const facts = { exportId, what: 'members', purpose: 'administration', of: '', rows: 12 } as const;
const tell = (stage: 'begun' | 'whole') =>
  till.make({ kind: 'export.made', memberId: WHOLE_CHAIN, ...facts, stage });

test('an export that a till tells is one line for a manager, in the chained log once each, and moves no row (R-E1)', async () => {
  const ref = till.makeMember();
  await till.sync();
  tell('begun');
  const [begun] = await till.sync();
  expect([begun?.held, begun?.rows.members, begun?.rows.accounts]).toEqual([[], [], []]);
  tell('whole');
  await till.sync();
  await till.send(till.request({ ops: till.ops.slice(-2) }));
  const { exports } = ExportsReply.parse((await get('/v1/exports?actorId=staff-1')).body);
  expect(exports).toMatchObject([
    { ...facts, stage: 'whole', actorId: 'staff-1', tillId: till.enrolled.tillId },
  ]);
  expect((await get('/v1/exports?actorId=staff-2')).status).toBe(403);
  const lines = ((await get('/v1/audit?actorId=staff-1')).body.lines ?? []).map((line) =>
    AuditView.parse(line),
  );
  expect(lines.filter(({ action }) => action === 'export.made').map(({ objectId }) => objectId)).toEqual([
    exportId,
    exportId,
  ]);
  let prev = AUDIT_START;
  for (const line of lines) {
    expect([line.prev, line.hash]).toEqual([prev, auditHash(line, nodeCrypto)]);
    prev = line.hash;
  }
  expect(JSON.stringify(lines)).not.toContain(ref.memberId);
});

test('a reason is told with its export, beside what the first tills read, and stands in no line of the chained log', async () => {
  const reason = 'Quagga asked for hers';
  const idAt = (at: number): string => `${exportId.slice(0, -1)}${at}`;
  const [withReason, failed, without] = [idAt(2), idAt(3), idAt(5)];
  const said = { kind: 'export.made', memberId: WHOLE_CHAIN, ...facts, stage: 'whole' } as const;
  till.make({ ...said, exportId: without });
  till.make({ ...said, exportId: withReason, reason });
  till.make({ ...said, exportId: failed, what: 'failed_rows', of: without, purpose: '' });
  const [answer] = await till.sync();
  expect(answer?.held).toEqual([]);
  const { body } = await get('/v1/exports?actorId=staff-1');
  const { exports, failedRows, reasons } = ExportsReply.parse(body);
  expect(exports.map((line) => line.exportId)).toEqual(expect.arrayContaining([without, withReason]));
  expect(exports.filter((line) => line.reason !== undefined || line.what === 'failed_rows')).toEqual([]);
  expect(failedRows).toMatchObject([{ exportId: failed, of: without, rows: 12 }]);
  expect(reasons).toEqual({ [withReason]: reason });
  expect(JSON.stringify((await get('/v1/audit?actorId=staff-1')).body)).not.toContain('Quagga');
});

test('what a later till says of an export besides is passed over, and its chain holds', async () => {
  const said = { kind: 'export.made', memberId: WHOLE_CHAIN, ...facts, stage: 'whole' } as const;
  const later = `${exportId.slice(0, -1)}4`;
  till.make({ ...said, exportId: later, printer: 'Quagga 9' } as typeof said);
  const [answer] = await till.sync();
  expect(answer?.held).toEqual([]);
  const reply = await get('/v1/exports?actorId=staff-1');
  expect(ExportsReply.parse(reply.body).exports.map((line) => line.exportId)).toContain(later);
  expect(JSON.stringify(reply.body)).not.toContain('Quagga 9');
});

test('one by somebody who may not is held for a manager, and no line of the log', async () => {
  const before = ExportsReply.parse((await get('/v1/exports?actorId=staff-1')).body);
  till.make(
    { kind: 'export.made', memberId: WHOLE_CHAIN, ...facts, stage: 'whole' },
    { actorId: 'staff-2' as never },
  );
  const [answer] = await till.sync();
  expect(answer?.held).toMatchObject([{ reason: 'not_allowed' }]);
  expect(ExportsReply.parse((await get('/v1/exports?actorId=staff-1')).body)).toEqual(before);
});
