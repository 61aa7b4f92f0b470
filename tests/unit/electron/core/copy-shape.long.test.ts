import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openReplica } from '../../../../db/replica/open.ts';
import { openTill } from '../../../../db/till/open.ts';
import { nodeCrypto } from '../../../../electron/core/crypto.ts';
import { createTillSettings, type TillSettings } from '../../../../electron/core/till-settings.ts';
import type { CardId, MemberId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import { EMPTY_ROWS } from '../../../../sync/model/feed.ts';
import { rowShapeIn, schemaHash } from '../../../../sync/protocol/schema.ts';
import { addStampCard } from '../../../parts/storm-ledger.ts';
import { KEY_HEX, type TestTill } from '../../../parts/till.ts';
import { MANAGER_PIN, type TestCentre } from '../../crm/test-centre.ts';
import { injected, makeCode } from '../../crm/test-till.ts';
import { createShelf } from './shelf.ts';
import { openServedCentre } from './served-centre.ts';

let end: () => Promise<void>;
let centre: TestCentre;
let serverUrl: string;
beforeAll(async () => {
  ({ centre, serverUrl, end } = await openServedCentre());
}, 60_000);
afterAll(() => end());
const { newFolder, open, close, clear } = createShelf();
afterEach(clear);

const OWN = schemaHash(nodeCrypto);
const stamp = (till: TestTill, cardId: CardId) =>
  till.client['stamps.add']({ opId: till.opId(), cardId, count: 1 });

/** A till whose copy is whole, with one stamp that was not sent, closed. */
async function soldTill(): Promise<{ dir: string; cardId: CardId; memberId: MemberId }> {
  const till = open(newFolder());
  await till.client['till.enrol']({
    serverUrl,
    code: await makeCode(injected(centre.app)),
    tillName: 'Till',
  });
  await till.client['session.signIn']({ login: 'manager', pin: MANAGER_PIN });
  const cardId = await addStampCard(till.client, 'Tan');
  await till.client['sync.run']({});
  await stamp(till, cardId);
  const { members } = await till.client['members.lookup']({ text: 'Tan' });
  const member = members.find(({ cards }) => cards.some((card) => card.cardId === cardId));
  await close(till);
  return { dir: till.dir, cardId, memberId: must(member, 'just made').memberId };
}

function withSettings(dir: string, act: (settings: TillSettings) => void): void {
  const file = openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX });
  act(createTillSettings(file.settings));
  file.close();
}

/** As a program that passed over a column would have left the row. */
function spoilRow(dir: string, memberId: MemberId): void {
  const replica = openReplica({ path: join(dir, 'replica.db'), keyHex: KEY_HEX });
  const row = must(replica.member(memberId), 'it is in the copy');
  const { epoch, cursor, settled } = replica.meta();
  const members = [{ ...row, notes: 'of an earlier shape' }];
  replica.apply({ ...EMPTY_ROWS, members }, { epoch, cursor, isSettled: cursor === settled });
  replica.close();
}

async function notesAfterSync(
  dir: string,
  memberId: MemberId,
): Promise<{ notes: string; outstanding: number }> {
  const till = open(dir);
  const { outstanding } = await till.client['sync.run']({});
  await close(till);
  const replica = openReplica({ path: join(dir, 'replica.db'), keyHex: KEY_HEX });
  const notes = replica.member(memberId)?.notes ?? '';
  replica.close();
  return { notes, outstanding };
}

test('a copy that a program of another shape filled is fetched anew; what waits is sent', async () => {
  const { dir, memberId } = await soldTill();
  spoilRow(dir, memberId);
  withSettings(dir, (settings) => settings.setCopyShape({ own: 'earlier', centre: OWN }));
  expect(await notesAfterSync(dir, memberId)).toEqual({ notes: '', outstanding: 0 });
  withSettings(dir, (settings) => expect(settings.copyShape()).toEqual({ own: OWN, centre: OWN }));
});

test('one that was filled while the centre had other rows is fetched anew once they are this program’s', async () => {
  const { dir, memberId } = await soldTill();
  spoilRow(dir, memberId);
  withSettings(dir, (settings) => settings.setCopyShape({ own: OWN, centre: 'earlier' }));
  expect(await notesAfterSync(dir, memberId)).toEqual({ notes: '', outstanding: 0 });
});

/** The centre, but for its files: a line too thin for them. @returns Its address, and what ends it. */
async function withoutFiles(): Promise<{ url: string; end(): Promise<unknown> }> {
  const proxy = createServer((request, response) => {
    void (async () => {
      if (request.url?.startsWith('/v1/feed/')) return void response.writeHead(503).end();
      const chunks = (await request.toArray()) as Buffer[];
      const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
      const dropped = ['connection', 'content-length', 'transfer-encoding', 'host'];
      const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
        dropped.includes(name) || typeof value !== 'string' ? [] : [[name, value]],
      );
      const reply = await fetch(serverUrl + request.url, {
        method: request.method ?? 'GET',
        headers,
        ...body,
      });
      response.writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? '' });
      response.end(Buffer.from(await reply.arrayBuffer()));
    })();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return { url, end: () => new Promise((resolve) => proxy.close(resolve)) };
}

test('a fresh copy that can not be fetched stops nothing else: work is sent, and the copy in use stays', async () => {
  const { dir, memberId } = await soldTill();
  spoilRow(dir, memberId);
  const thin = await withoutFiles();
  withSettings(dir, (settings) => {
    settings.setCopyShape({ own: 'earlier', centre: OWN });
    settings.setEnrolment({ ...must(settings.enrolment(), 'it is enrolled'), serverUrl: thin.url });
  });
  expect(await notesAfterSync(dir, memberId)).toEqual({ notes: 'of an earlier shape', outstanding: 0 });
  await thin.end();
});

test('another shape of ops is no matter of the copy', async () => {
  const { dir, memberId } = await soldTill();
  spoilRow(dir, memberId);
  const opsDiffer = `00000000${rowShapeIn(OWN)}`;
  withSettings(dir, (settings) => settings.setCopyShape({ own: opsDiffer, centre: OWN }));
  expect(await notesAfterSync(dir, memberId)).toEqual({ notes: 'of an earlier shape', outstanding: 0 });
});

test('one of the same shape stays as it is', async () => {
  const { dir, memberId } = await soldTill();
  spoilRow(dir, memberId);
  expect(await notesAfterSync(dir, memberId)).toEqual({ notes: 'of an earlier shape', outstanding: 0 });
});

test('a centre that speaks later versions alone: the till says to update it, and keeps and later sends all', async () => {
  const { dir } = await soldTill();
  const message = 'This till speaks version 1, the centre 2 to 3. Update this till.';
  const later = createServer((request, response) => {
    request.resume().on('end', () => {
      const body = JSON.stringify({ code: 'protocol_unsupported', message, protocols: [2, 3] });
      response.writeHead(409, { 'content-type': 'application/json' }).end(body);
    });
  });
  await new Promise<void>((resolve) => later.listen(0, '127.0.0.1', resolve));
  const moveTo = (url: string): void =>
    withSettings(dir, (settings) =>
      settings.setEnrolment({ ...must(settings.enrolment(), 'it is enrolled'), serverUrl: url }),
    );
  moveTo(`http://127.0.0.1:${(later.address() as AddressInfo).port}`);
  const till = open(dir);
  await till.client['sync.run']({}).catch(() => null);
  expect(await till.client['sync.getStatus']({})).toMatchObject({
    state: 'stopped',
    outstanding: 1,
    problem: { code: 'protocol_unsupported', message },
  });
  await close(till);
  await new Promise((resolve) => later.close(resolve));
  moveTo(serverUrl);
  const again = open(dir);
  expect(await again.client['sync.run']({})).toMatchObject({ outstanding: 0, pushed: 1 });
});
