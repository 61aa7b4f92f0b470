import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { destination, pino } from 'pino';
import { endOutrun, outrunText } from './end-outrun.ts';
import { importSpill, spillText } from './import-spill.ts';
import { scour, scourText } from './scour.ts';
import { startServer, type ServerOptions } from './server.ts';
import { findChain } from './repos/documents.ts';

const PORT = 4870;
const log = pino({ name: 'crm' }, destination({ dest: 2, sync: true }));

function fail(cause: unknown): never {
  log.fatal(cause instanceof Error ? cause.message : String(cause));
  process.exit(1);
}

/** Messages to one gateway in a second. */
function readRate(text: string): number {
  const rate = Number(text);
  if (Number.isInteger(rate) && rate >= 1 && rate <= 1_000) return rate;
  throw new Error('COUNTERFOIL_MESSAGES_PER_SECOND takes a number from 1 to 1000');
}

interface Errands {
  spillFile: string | null;
  isScour: boolean;
  isEndOutrun: boolean;
}

function readOptions(): ServerOptions & Errands {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: String(PORT) },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string', default: join(homedir(), '.counterfoil', 'crm') },
      setup: { type: 'string' },
      demo: { type: 'boolean', default: false },
      restored: { type: 'boolean', default: false },
      'import-spill': { type: 'string' },
      scour: { type: 'boolean', default: false },
      'end-outrun': { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error('--port takes a number from 0 to 65535');
  const url = process.env['DATABASE_URL'];
  return {
    host: values.host,
    port,
    folder: values.data,
    databaseUrl: url === undefined || url === '' ? null : url,
    isDemo: values.demo,
    isRestored: values.restored,
    setupFile: values.setup ?? null,
    eraseListFile: process.env['COUNTERFOIL_ERASE_LIST'] || undefined,
    innerReach: process.env['COUNTERFOIL_WEBHOOK_REACH'] ?? '',
    messages: {
      smtpUrl: process.env['COUNTERFOIL_SMTP_URL'] ?? '',
      mailFrom: process.env['COUNTERFOIL_MAIL_FROM'] ?? '',
      smsUrl: process.env['COUNTERFOIL_SMS_URL'] ?? '',
      smsToken: process.env['COUNTERFOIL_SMS_TOKEN'] ?? '',
      whatsappUrl: process.env['COUNTERFOIL_WHATSAPP_URL'] ?? '',
      whatsappToken: process.env['COUNTERFOIL_WHATSAPP_TOKEN'] ?? '',
      publicUrl: process.env['COUNTERFOIL_PUBLIC_URL'] ?? '',
      perSecond: readRate(process.env['COUNTERFOIL_MESSAGES_PER_SECOND'] ?? '10'),
    },
    spillFile: values['import-spill'] ?? null,
    isScour: values.scour,
    isEndOutrun: values['end-outrun'],
    clock: { nowMs: () => Date.now() },
    log,
    onDeath: (cause) => fail(cause),
  };
}

async function main(): Promise<void> {
  const options = readOptions();
  const { spillFile } = options;
  if (spillFile !== null) {
    process.stdout.write(spillText(await importSpill({ ...options, file: spillFile })));
    return;
  }
  if (options.isScour) {
    process.stdout.write(scourText(await scour(options)));
    return;
  }
  if (options.isEndOutrun) {
    process.stdout.write(outrunText(await endOutrun(options)));
    return;
  }
  const server = await startServer(options);
  if ((await findChain(server.centre.database.sql)) === null) {
    process.stderr.write(
      `set-up token: ${server.centre.setupToken}\nopen ${server.url} and set the chain up\n`,
    );
  }
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    server.stop().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.stdout.write(`listening on ${server.url}\n`);
}

main().catch(fail);
