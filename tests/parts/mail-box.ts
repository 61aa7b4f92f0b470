import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface Mail {
  to: string[];
  /** Headers and body as they came over the line. */
  raw: string;
}

export interface MailBox {
  url: string;
  mails: Mail[];
  /** What the server says to the next receiver. */
  mood: 'take' | 'refuse-address' | 'later';
  /** Resolves when the next text is answered. */
  hold: () => Promise<void>;
  close(): Promise<void>;
}

const refusal = (message: string, responseCode: number): Error =>
  Object.assign(new Error(message), { responseCode });

/** A real SMTP server on a port of its own. */
export async function startMailBox(): Promise<MailBox> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onRcptTo: ({ address }, _session, done) => {
      // As servers do, it says whom.
      if (box.mood === 'refuse-address') return done(refusal(`no such box: ${address}`, 550));
      if (box.mood === 'later') return done(refusal('come later', 451));
      return done();
    },
    onData: (stream, session, done) => {
      const keep = async (): Promise<void> => {
        const raw = await text(stream);
        box.mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), raw });
        await box.hold();
        done();
      };
      void keep();
    },
  });
  server.on('error', () => undefined);
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const box: MailBox = {
    url: `smtp://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    mails: [],
    mood: 'take',
    hold: async () => undefined,
    close: () => new Promise((settle) => server.close(() => settle())),
  };
  return box;
}
