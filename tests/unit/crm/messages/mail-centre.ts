import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { NO_MESSAGES } from '../../../../crm/messages/connectors.ts';
import { must } from '../../../../sync/base/must.ts';
import { startMailBox, type MailBox } from '../../../parts/mail-box.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { openTestCentre, type TestCentre } from '../test-centre.ts';
import { injected, TestTill } from '../test-till.ts';

export interface MailCentre {
  open: TestCentre;
  till: TestTill;
  box: MailBox;
}

/**
 * Before each test of the file that calls this, at its top, a CRM whose messages come into a box, and a till of it.
 *
 * @param begin hands them to the test, with what is there from the start
 */
export function mailCentreForEach(begin: (made: MailCentre) => Promise<void>): void {
  let postgres: PostgresPart | undefined;
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 60_000);
  afterAll(() => postgres?.stop());
  let made: MailCentre | undefined;
  beforeEach(async () => {
    const url = await must(postgres, 'it is on').createDatabase();
    const box = await startMailBox();
    const ways = { smtpUrl: box.url, mailFrom: 'shop@example.com', publicUrl: 'https://crm.example.com' };
    const open = await openTestCentre({ url, messages: { ...NO_MESSAGES, ...ways } });
    made = { open, box, till: await TestTill.enrol(injected(open.app)) };
    await begin(made);
  });
  afterEach(async () => {
    await made?.open.close();
    await made?.box.close();
  });
}
