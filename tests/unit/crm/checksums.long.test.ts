import { pino } from 'pino';
import { expect, test } from 'vitest';
import { startServer } from '../../../crm/server.ts';
import { writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startOwnPostgres } from '../../parts/postgres.ts';
import { makeFolder } from '../../parts/till.ts';
import { FORM } from './test-centre.ts';

const TOLD = 'pg_checksums --enable';

test.each([
  [
    'without checksums of its pages is used, and who runs it is told what to do: log, health, status page',
    false,
  ],
  ['with them is used without a word', true],
])('a PostgreSQL %s', async (_name, isChecked) => {
  const folder = makeFolder();
  writeFileSync(join(folder, 'setup.json'), JSON.stringify(FORM));
  const postgres = await startOwnPostgres({ isChecked });
  const lines: string[] = [];
  const server = await startServer({
    ...{ host: '127.0.0.1', port: 0, folder, isDemo: false, setupFile: join(folder, 'setup.json') },
    databaseUrl: await postgres.createDatabase(),
    clock: { nowMs: () => Date.now() },
    log: pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }),
    onDeath: () => undefined,
  });
  const health: unknown = await (await fetch(`${server.url}/v1/health`)).json();
  const page = await (await fetch(`${server.url}/`)).text();
  await server.stop();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
  expect(health).toMatchObject({ ok: true, hasChecksums: isChecked });
  expect([page.includes(TOLD), lines.some((line) => line.includes(TOLD))]).toEqual([!isChecked, !isChecked]);
});
