import { request } from 'node:http';
import { WebSocket } from 'ws';
import { createCoreClient } from '../../../../../electron/hosts/client.ts';
import type { CoreClient } from '../../../../../electron/contract/index.ts';
import { EventMessage, type Port } from '../../../../../electron/contract/port.ts';
import { must } from '../../../../../sync/base/must.ts';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** One request as it is written here: `path` and `headers` are sent to the letter, which `fetch` does not do. */
export function ask(
  url: string,
  { path = '/', method = 'GET', headers = {} }: { path?: string; method?: string; headers?: object } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers: { ...headers } }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    asked.once('error', reject);
    asked.end();
  });
}

/** The cookie that a browser keeps from its first page. */
export async function newBrowser(url: string): Promise<string> {
  const { headers } = await ask(url);
  const [cookie] = [headers['set-cookie'] ?? []].flat();
  return must(cookie?.split(';')[0], 'the page came with a cookie');
}

/** Opens a line with these headers; the status of the refusal where it is refused. */
export function openSocket(url: string, headers: Record<string, string>): Promise<WebSocket | number> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/port`, { headers });
  return new Promise((resolve) => {
    socket.once('open', () => resolve(socket));
    socket.once('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    // What the refusal leaves behind.
    socket.once('error', () => resolve(0));
  });
}

/** One tab of a browser, as the page itself is one. */
export interface Tab {
  calls: CoreClient;
  socket: WebSocket;
  events: { name: string; data: unknown }[];
  token: string;
  isSame: boolean;
  /** Resolves with the code that the line was closed with. */
  closed: Promise<number>;
  /** The line ends as it does when a page is loaded again. */
  leave(): Promise<void>;
  used(): void;
}

/** Opens the page's line as a browser does that has this cookie, and says `hello`. */
export async function openTab(
  url: string,
  browser: string,
  { token = null, keeps = true }: { token?: string | null; keeps?: boolean } = {},
): Promise<Tab> {
  const socket = await openSocket(url, { origin: url, cookie: browser });
  if (typeof socket === 'number') throw new Error(`the line was refused with ${socket}`);
  return tabOver(socket, { token, keeps });
}

/** The same over a line that is open already. */
export async function tabOver(
  socket: WebSocket,
  { token = null, keeps = true }: { token?: string | null; keeps?: boolean } = {},
): Promise<Tab> {
  const listeners = new Set<(message: unknown) => void>();
  const events: Tab['events'] = [];
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  const say = (message: unknown): void => socket.send(JSON.stringify(message));
  const greeted = new Promise<{ token: string; isSame: boolean }>((resolve, reject) => {
    socket.on('message', (bytes: Buffer) => {
      const message = JSON.parse(bytes.toString()) as { t: string; token: string; isSame: boolean };
      if (message.t === 'desk') return resolve(message);
      const event = EventMessage.safeParse(message).data;
      if (event !== undefined) events.push({ name: event.name, data: event.data });
      for (const listener of listeners) listener(message);
    });
    socket.once('close', (code) => reject(new Error(`closed with ${code}`)));
  });
  say({ t: 'hello', token });
  const desk = await greeted;
  if (keeps) say({ t: 'kept' });
  const port: Port = {
    post: say,
    onMessage: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onClose: (listener) => {
      socket.once('close', listener);
      return () => socket.off('close', listener);
    },
    close: () => socket.close(),
  };
  return {
    ...{ calls: createCoreClient(port), socket, events, closed, ...desk },
    leave: async () => {
      socket.close();
      await closed;
    },
    used: () => say({ t: 'used' }),
  };
}
