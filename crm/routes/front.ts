import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Centre } from '../centre.ts';
import { OUTRUNS_TOLD } from '../inbox/list-watch.ts';
import { PAGE_HEADERS } from '../pages/html.ts';
import { toSetupPage, type Complaints, type Typed } from '../pages/setup-page.ts';
import { toStatusPage } from '../pages/status-page.ts';
import { wordsFor } from '../pages/words.ts';
import { CentreRefusal } from '../refusal.ts';
import { countRows } from '../repos/audit.ts';
import { findChain, listDocuments } from '../repos/documents.ts';
import { readHead } from '../repos/feed-head.ts';
import { listOutruns } from '../repos/outruns.ts';
import { listTills } from '../repos/tills.ts';
import { SetupForm, setUp } from '../setup.ts';

const sendPage = (reply: FastifyReply, status: number, page: string): FastifyReply =>
  reply.code(status).headers(PAGE_HEADERS).send(page);

function toTyped(body: unknown): Typed {
  const typed: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  if (body instanceof URLSearchParams) for (const [name, value] of body) (typed[name] ??= []).push(value);
  return typed;
}

function isRightToken(centre: Centre, given: string | undefined): boolean {
  const hash = (text: string): Buffer => Buffer.from(centre.crypto.sha256Hex(text), 'hex');
  return given !== undefined && timingSafeEqual(hash(given.trim()), hash(centre.setupToken));
}

/** The first complaint of each field. */
function readForm(typed: Typed): { form: SetupForm } | { complaints: Complaints } {
  const { token: _token, cardKinds, ...single } = typed;
  const values = Object.fromEntries(Object.entries(single).map(([name, [value]]) => [name, value]));
  const parsed = SetupForm.safeParse({ ...values, cardKinds: cardKinds ?? [] });
  if (parsed.success) return { form: parsed.data };
  const complaints: Record<string, string> = {};
  for (const issue of parsed.error.issues) complaints[String(issue.path[0] ?? 'form')] ??= issue.message;
  return { complaints };
}

async function readStatus(centre: Centre) {
  const { sql, isTrial, hasChecksums, eraseList } = centre.database;
  const chain = await findChain(sql);
  if (chain === null) return null;
  const stores = await listDocuments(sql, 'store');
  const tills = (await listTills(sql)).filter((till) => till.tillId !== 'centre');
  const { seq } = await readHead(sql);
  const listHealth = eraseList?.health ?? null;
  const outruns = await listOutruns(sql, OUTRUNS_TOLD);
  const of = { seq, isTrial, hasChecksums, listHealth, outruns, nowMs: centre.clock.nowMs() };
  return { chain, stores, tills, counts: await countRows(sql), ...of };
}

/** The page of the first run, and the status page ever after. */
export function addFront(app: FastifyInstance, centre: Centre): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, text, done) => done(null, new URLSearchParams(String(text))),
  );
  app.get('/', async (request, reply) => {
    const [status, words] = [await readStatus(centre), wordsFor(request)];
    return sendPage(reply, 200, status === null ? toSetupPage(words) : toStatusPage(status, words));
  });
  app.post('/setup', async (request, reply) => {
    if ((await findChain(centre.database.sql)) !== null) {
      throw new CentreRefusal(
        'already_set_up',
        'This CRM has its chain already. Nothing was changed. Go to its front page.',
      );
    }
    const [typed, words] = [toTyped(request.body), wordsFor(request)];
    if (!centre.codeAttempts.begin('setup', centre.clock.nowMs())) {
      throw new CentreRefusal(
        'busy',
        'Too many wrong tokens. Nothing was changed. Wait 15 minutes and try again.',
      );
    }
    if (!isRightToken(centre, typed['token']?.[0])) {
      const token = 'This is not the token that the CRM printed when it started.';
      return sendPage(reply, 401, toSetupPage(words, typed, { token, form: 'Nothing was stored yet.' }));
    }
    centre.codeAttempts.succeed('setup');
    const read = readForm(typed);
    if ('complaints' in read) return sendPage(reply, 400, toSetupPage(words, typed, read.complaints));
    await setUp(centre, read.form);
    const isChosen = 'lang' in (request.query as object);
    return reply.redirect(isChosen ? `/?lang=${words.language}` : '/', 303);
  });
}
