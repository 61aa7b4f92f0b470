import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSmtpConnector, type SendResult } from '../../../../crm/messages/connectors.ts';

type Mood = 'close-after-text' | 'reset-after-text' | 'close-before-text' | 'refuse-sign-in' | 'ask-sign-in';
let mood: Mood;
let texts: string[];
let server: Server;

function answer(socket: Socket, line: string): void {
  const say = (text: string): void => void socket.write(`${text}\r\n`);
  if (line.startsWith('EHLO')) return say('250-here\r\n250 AUTH PLAIN');
  if (line.startsWith('AUTH')) return say(mood === 'refuse-sign-in' ? '535 wrong' : '235 well');
  if (line.startsWith('MAIL') && mood === 'ask-sign-in') return say('530 who are you');
  if (line.startsWith('DATA')) {
    if (mood === 'close-before-text') return void socket.destroy();
    return say('354 go on');
  }
  return say('250 well');
}

/** As much of an SMTP server as it takes to lose an answer. */
function serve(socket: Socket): void {
  let heard = '';
  let isText = false;
  socket.on('error', () => undefined);
  socket.write('220 here\r\n');
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.toString();
    const end = isText ? '\r\n.\r\n' : '\r\n';
    for (let at = heard.indexOf(end); at >= 0; at = isText ? -1 : heard.indexOf(end)) {
      const line = heard.slice(0, at);
      heard = heard.slice(at + end.length);
      if (isText) {
        texts.push(line);
        if (mood === 'reset-after-text') socket.resetAndDestroy();
        else socket.destroy();
        return;
      }
      isText = line.startsWith('DATA');
      answer(socket, line);
    }
  });
}

beforeEach(async () => {
  texts = [];
  server = createServer(serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => new Promise((settle) => server.close(settle)));

async function send(as: Mood): Promise<SendResult> {
  mood = as;
  const url = `smtp://shop:secret@127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connector = createSmtpConnector({ url, from: 'shop@example.com' });
  const message = {
    id: 'one',
    to: 'ann@example.com',
    subject: 'Hello',
    body: 'Dear Ann',
    unsubscribeUrl: null,
  };
  const result = await connector.send(message);
  connector.close();
  return result;
}

test.each(['close-after-text', 'reset-after-text'] as const)(
  'a mail whose answer got lost (%s) may have been sent, and is not sent again',
  async (as) => {
    expect(await send(as)).toEqual({ outcome: 'maybe', reason: 'no_answer' });
    expect(texts).toHaveLength(1);
  },
);

test('a line that is lost before the text may be tried again', async () => {
  expect(await send('close-before-text')).toEqual({ outcome: 'later', reason: 'no_connection' });
});

test.each(['refuse-sign-in', 'ask-sign-in'] as const)(
  'a sign-in that the server does not take (%s) is the centre’s fault, and no person’s',
  async (as) => {
    expect(await send(as)).toEqual({ outcome: 'later', reason: 'sign_in_refused', isOurs: true });
  },
);
