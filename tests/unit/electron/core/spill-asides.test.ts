import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newSealingKey } from '../../../../crm/node-crypto.ts';
import { openSpill } from '../../../../db/spill/spill-file.ts';
import { createCentreClient } from '../../../../electron/core/centre-client.ts';
import { PutOff } from '../../../../electron/core/put-off.ts';
import { sendSpills } from '../../../../electron/core/spill.ts';
import type { Enrolment } from '../../../../electron/core/till-settings.ts';
import { chainOfOps, spillOwner } from '../../../parts/spill.ts';

type Answer = (response: ServerResponse) => void;
const owner = spillOwner(newSealingKey().publicKey);
let dir: string;
let server: Server;
let answers: Answer[];
let nowMs: number;
let putOff: PutOff<string>;

const json =
  (status: number, body: object): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
const taken = json(200, { booked: 1, known: 0, kept: 0, refused: 0 });
const fails = (status: number, code: string): Answer => json(status, { code, message: 'No.' });
/** As a proxy answers that lets no large request through. */
const page: Answer = (response) => void response.writeHead(413).end('<h1>Too large</h1>');
const hangsUp: Answer = (response) => void response.destroy();

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'counterfoil-asides-'));
  answers = [];
  nowMs = 1_000;
  putOff = new PutOff(() => nowMs);
  server = createServer((request, response) => {
    request.resume().on('end', () => (answers.shift() ?? taken)(response));
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
});
afterEach(async () => {
  await new Promise((done) => void server.close(done));
  rmSync(dir, { recursive: true, force: true });
});

function putAside(number: number): string {
  const name = `spill.aside-${number}.log`;
  const spill = openSpill(join(dir, name));
  for (const sealed of chainOfOps(2)) spill.append(owner, sealed);
  spill.close();
  return name;
}

function send(): Promise<void> {
  const serverUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // Cast: of an enrolment only these are read here.
  const enrolment = { ...owner, serverUrl, token: 'token' } as unknown as Enrolment;
  const folder = { dataDir: dir, log: pino({ level: 'silent' }), putOff };
  return sendSpills(folder, enrolment, createCentreClient(enrolment));
}

test('what the way or the centre does not take, or nobody can read, stays there and stops neither the next nor a sync', async () => {
  mkdirSync(join(dir, 'spill.aside-1.log'));
  const kept = [2, 3, 4].map(putAside);
  putAside(5);
  answers = [page, fails(500, 'bug'), fails(403, 'till_lost')];
  await send();
  expect(readdirSync(dir).sort()).toEqual(['spill.aside-1.log', ...kept]);
  // Not with every run: each sale makes one.
  nowMs += 4 * 60_000;
  await send();
  expect(readdirSync(dir).sort()).toEqual(['spill.aside-1.log', ...kept]);
  nowMs += 2 * 60_000;
  await send();
  expect(readdirSync(dir)).toEqual(['spill.aside-1.log']);
});

test.each([
  { what: 'a line that breaks', answer: hangsUp, code: 'unreachable' },
  { what: 'a centre that has too much to do', answer: fails(503, 'busy'), code: 'busy' },
])('$what ends the sync: everything is there for the next', async ({ answer, code }) => {
  const names = [1, 2].map(putAside);
  answers = [answer];
  await expect(send()).rejects.toMatchObject({ code });
  expect(readdirSync(dir).sort()).toEqual(names);
  expect(answers).toEqual([]);
});
