import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { startServer, type RunningServer } from '../../crm/server.ts';
import { NO_MESSAGES, type MessageSettings } from '../../crm/messages/connectors.ts';
import type { CloseView } from '../../electron/contract/closes.ts';
import { askEnrolCode } from '../../electron/core/enrol-code.ts';
import type { CardId, CardTypeId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { FORM, MANAGER_PIN } from '../unit/crm/test-centre.ts';
import { makeFolder, openTestTill, type TestTill } from './till.ts';

const MANAGER = { login: 'manager', pin: MANAGER_PIN };
const EPOCH_MS = Date.UTC(2026, 0, 1);
const log = pino({ level: 'silent' });

/**
 * A real centre that can go away and come back at the same address, and a real till of it. Real time passes when the
 * test says so; the till's PC may have a clock of its own.
 */
export class LiveShop {
  readonly folder = makeFolder();
  /** Where its centre's messages go out; set before the centre starts. */
  messages: MessageSettings = NO_MESSAGES;
  realMs = Date.UTC(2026, 10, 22, 3);
  /** What the PC's clock is ahead of real time. */
  pcAheadMs = 0;
  cardId: CardId | null = null;
  readonly #databaseUrl: string | null;
  #server: RunningServer | null = null;
  #port = 0;
  #till: TestTill | null = null;

  /** Null: PGlite. */
  constructor(databaseUrl: string | null) {
    this.#databaseUrl = databaseUrl;
  }

  get till(): TestTill {
    return must(this.#till, 'the till is on');
  }

  get server(): RunningServer {
    return must(this.#server, 'the line is up');
  }

  /** Enrols the till, signs the manager in and gives a member a stamp card. */
  async open(): Promise<void> {
    writeFileSync(join(this.folder, 'setup.json'), JSON.stringify(FORM));
    await this.lineUp();
    this.#openTill();
    const { url } = this.server;
    const { code } = await askEnrolCode(url, { ...MANAGER, storeId: null });
    await this.till.client['till.enrol']({ serverUrl: url, code, tillName: 'Till 1' });
    await this.till.client['session.signIn'](MANAGER);
    const added = await this.till.client['members.add']({
      opId: this.till.opId(),
      draft: { lastName: 'Tan' },
      cardTypeId: 'stamp' as CardTypeId,
      cardNumber: null,
      hasMarketingConsent: false,
    });
    this.cardId = added.cardId;
  }

  #openTill(): void {
    const clock = { nowMs: () => this.realMs + this.pcAheadMs, monotonicMs: () => this.realMs - EPOCH_MS };
    this.#till = openTestTill(join(this.folder, 'till'), { clock, centreTimeoutMs: 5_000 });
  }

  /** The till's program ends and starts again. */
  async restartTill(): Promise<void> {
    await this.till.close();
    this.#openTill();
    await this.till.client['session.signIn'](MANAGER);
  }

  async lineUp(): Promise<void> {
    this.#server = await startServer({
      host: '127.0.0.1',
      port: this.#port,
      folder: join(this.folder, 'centre'),
      databaseUrl: this.#databaseUrl,
      messages: this.messages,
      isDemo: false,
      setupFile: join(this.folder, 'setup.json'),
      clock: { nowMs: () => this.realMs },
      log,
      onDeath: () => undefined,
    });
    this.#port = Number(new URL(this.server.url).port);
  }

  async lineDown(): Promise<void> {
    await this.#server?.stop();
    this.#server = null;
  }

  async stamp(count = 1): Promise<void> {
    const cardId = must(this.cardId, 'the member has a card');
    await this.till.client['stamps.add']({ opId: this.till.opId(), cardId, count });
  }

  close(businessDay: string | null = null): Promise<CloseView> {
    return this.till.client['day.close']({ businessDay });
  }

  look(businessDay: string | null): Promise<CloseView> {
    return this.till.client['day.getClose']({ businessDay });
  }

  async sync(): Promise<void> {
    await this.till.client['sync.run']({});
  }

  /** What somebody does to the centre's database past the program. */
  async sql<Row>(text: string): Promise<Row[]> {
    return (await this.server.centre.database.sql.query(text)).rows as Row[];
  }

  async end(): Promise<void> {
    await this.till.close();
    await this.lineDown();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
