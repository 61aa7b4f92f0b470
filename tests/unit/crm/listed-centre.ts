import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { rowsOf } from '../../../crm/database.ts';
import { listDocuments } from '../../../crm/repos/documents.ts';
import { startServer, type RunningServer } from '../../../crm/server.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import { must } from '../../../sync/base/must.ts';
import { CANARY_WORD } from '../../parts/canaries.ts';
import { addSecond, anonymisedBy } from '../../parts/second.ts';
import { makeFolder } from '../../parts/till.ts';
import { FORM } from './test-centre.ts';
import type { CardRef, TestTill } from './test-till.ts';

export const DONE_AGAIN = 'the database had lost erasures: they were done again';

export interface Standing {
  state: string;
  lastName: string;
  mobile: string | null;
}
export const ERASED: Standing = { state: 'anonymised', lastName: '', mobile: null };

interface Line {
  level: number;
  msg: string;
  members?: number;
}

/** Real centres, one after the other, in a folder of their own, whose list lies apart from their data. */
export class ListedCentre {
  readonly folder = makeFolder();
  readonly list = join(this.folder, 'erased.list');
  readonly lines: Line[] = [];
  /** Called with each line of the log, before the centre goes on. */
  hear: (line: Line) => void = () => undefined;
  #servers: RunningServer[] = [];

  constructor() {
    writeFileSync(join(this.folder, 'setup.json'), JSON.stringify(FORM));
  }

  get data(): string {
    return join(this.folder, 'data');
  }

  get running(): RunningServer {
    return must(this.#servers[0], 'it runs');
  }

  /** @param where `list` null: where the centre itself keeps it */
  async start(
    databaseUrl: string | null,
    { list = this.list, port = 0 }: { list?: string | null; port?: number } = {},
  ): Promise<RunningServer> {
    const write = (text: string): void => {
      const line = JSON.parse(text) as Line;
      this.lines.push(line);
      this.hear(line);
    };
    mkdirSync(this.data, { recursive: true });
    const server = await startServer({
      ...{ host: '127.0.0.1', port, isDemo: false, onDeath: () => undefined },
      ...{ databaseUrl, folder: this.data, setupFile: join(this.folder, 'setup.json') },
      ...(list !== null && { eraseListFile: list }),
      log: pino({ level: 'info' }, { write }),
      clock: { nowMs: () => Date.now() },
    });
    this.#servers.push(server);
    if ((await listDocuments(server.centre.database.sql, 'staff')).length === 1)
      await addSecond(server.centre);
    return server;
  }

  async stop(): Promise<void> {
    for (const server of this.#servers.splice(0)) await server.stop();
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** How many each time, as the log tells. */
  doneAgain(): (number | undefined)[] {
    return this.lines.filter(({ msg }) => msg === DONE_AGAIN).map(({ members }) => members);
  }

  hasSaid(text: string): boolean {
    return this.lines.some(({ msg }) => msg.includes(text));
  }

  async standingOf(memberId: MemberId): Promise<Standing | undefined> {
    const text = `select state, "row" ->> 'lastName' as "lastName", mobile from members where member_id = $1`;
    return (await rowsOf<Standing>(this.running.centre.database.sql, text, [memberId]))[0];
  }

  async health(): Promise<{ eraseList: unknown }> {
    return (await (await fetch(`${this.running.url}/v1/health`)).json()) as { eraseList: unknown };
  }

  async page(language = 'en'): Promise<string> {
    return (await fetch(`${this.running.url}/?lang=${language}`)).text();
  }
}

/** She and the second have erased her. */
export const anonymise = (till: TestTill, { memberId }: CardRef): unknown =>
  till.make(anonymisedBy(memberId, { reason: CANARY_WORD }));
