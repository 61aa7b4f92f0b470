import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { EventPage, WebhookBody, type Event } from '../../crm/integration/shapes.ts';
import { isWebhookSigned, WEBHOOK_SIGNATURE_HEADER } from '../../crm/integration/sign.ts';

/** What another system keeps of the chain. */
interface Copy {
  balances: Map<string, number>;
  people: Map<string, Extract<Event, { kind: 'member.changed' }>>;
  /** Events that were taken; one that comes again changes nothing. */
  seen: Set<string>;
}

/**
 * Takes events in any number of repeats. Of a member the latest state counts, by its number; of the ledger each entry
 * once. An anonymised person is deleted, and stays so.
 */
export function createCopy() {
  const copy: Copy = { balances: new Map(), people: new Map(), seen: new Set() };
  const gone = new Set<string>();
  const forget = (memberId: string): void => {
    gone.add(memberId);
    copy.people.delete(memberId);
  };
  const take = (event: Event): void => {
    if (copy.seen.has(event.id)) return;
    copy.seen.add(event.id);
    if (event.kind === 'member.anonymised') forget(event.memberId);
    if (event.kind === 'member.changed' && !gone.has(event.memberId)) {
      const known = copy.people.get(event.memberId);
      if (known === undefined || known.seq < event.seq) copy.people.set(event.memberId, event);
    }
    if (event.kind === 'ledger.entry') {
      const { accountId, delta } = event.entry;
      copy.balances.set(accountId, (copy.balances.get(accountId) ?? 0) + delta);
    }
  };
  return {
    takePage: ({ events, anonymised }: Pick<EventPage, 'events' | 'anonymised'>): void => {
      anonymised.forEach(forget);
      events.forEach(take);
    },
    balances: copy.balances,
    people: copy.people,
  };
}
export type ShopCopy = ReturnType<typeof createCopy>;

/** Reads the feed from where it stopped; `get` asks the centre. */
export function createFeedReader(copy: ShopCopy, get: (path: string) => Promise<unknown>) {
  let cursor: string | undefined;
  return {
    /** To the end of what there is. A page whose answer was lost is asked for again. */
    readAll: async (limit: number): Promise<void> => {
      for (;;) {
        const after = cursor === undefined ? '' : `&after=${cursor}`;
        const page = EventPage.parse(await get(`/v1/events?limit=${limit}${after}`));
        copy.takePage(page);
        cursor = page.cursor;
        if (!page.hasMore) return;
      }
    },
  };
}

/** What a receiver does with a request: takes it, takes it and answers badly, or hangs up before it has read. */
export type Mood = 'take' | 'take-and-fail' | 'refuse' | 'hang-up';

export interface Receiver {
  url: string;
  secret: string;
  nowMs: () => number;
  mood: Mood;
  /** Requests whose signature was right, and those whose was not. */
  taken: number;
  unsigned: number;
  seqs: number[];
  close(): Promise<void>;
}

async function hear(receiver: Receiver, copy: ShopCopy, request: IncomingMessage): Promise<number> {
  const body = await text(request);
  const header = String(request.headers[WEBHOOK_SIGNATURE_HEADER] ?? '');
  if (!isWebhookSigned(receiver.secret, { header, body, nowMs: receiver.nowMs() })) {
    receiver.unsigned += 1;
    return 401;
  }
  if (receiver.mood === 'refuse') return 503;
  const page = WebhookBody.parse(JSON.parse(body));
  receiver.taken += 1;
  receiver.seqs.push(...page.events.map(({ seq }) => seq));
  copy.takePage(page);
  return receiver.mood === 'take-and-fail' ? 500 : 204;
}

/** A receiver of webhooks on a port of its own, over plain HTTP. */
export async function startReceiver(copy: ShopCopy): Promise<Receiver> {
  const server: Server = createServer((request, reply) => {
    if (receiver.mood === 'hang-up') return void request.destroy();
    hear(receiver, copy, request).then(
      (status) => reply.writeHead(status).end(),
      () => reply.writeHead(400).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    secret: '',
    nowMs: () => Date.now(),
    mood: 'take',
    taken: 0,
    unsigned: 0,
    seqs: [],
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}
