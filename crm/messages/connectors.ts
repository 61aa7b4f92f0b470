import { createTransport } from 'nodemailer';
import { CallFailure, postOnce, type Reach } from '../integration/reach.ts';
import type { MessageChannel } from '../../sync/model/template.ts';

/** One message, ready to go. */
export interface Outgoing {
  /** The same for every try of the same message to the same person. */
  id: string;
  to: string;
  subject: string;
  body: string;
  /** Where the person says that nothing more is wanted; null for a service message. */
  unsubscribeUrl: string | null;
}

/**
 * What is known after a try. `later`: surely not sent, and worth another try; `failed`: surely not sent, and never will
 * be; `maybe`: handed over, and no answer.
 */
export interface SendResult {
  outcome: 'sent' | 'later' | 'failed' | 'maybe';
  /** A word, '' when sent: nothing of the address or the text. */
  reason: string;
  /** The centre's own settings are wrong: it says nothing of this person, and the next one would fare the same. */
  isOurs?: true;
}

/** A way to send. Never throws. */
export interface Connector {
  send(message: Outgoing): Promise<SendResult>;
  close(): void;
}
export type Connectors = Partial<Record<MessageChannel, Connector>>;

const ANSWER_MS = 20_000;

interface SmtpFailure {
  code?: string;
  responseCode?: number;
}

const SIGN_IN_REFUSED = 'sign_in_refused';
/** What a server answers that wants to know first who sends. */
const SIGN_IN_CODES: readonly number[] = [530, 535];

/** An answer tells; without one only whether the text had begun to go out: a server may have taken it by then. */
function toSmtpResult({ code = '', responseCode = 0 }: SmtpFailure, hasBegun: boolean): SendResult {
  if (!hasBegun && (code === 'EAUTH' || SIGN_IN_CODES.includes(responseCode)))
    return { outcome: 'later', reason: SIGN_IN_REFUSED, isOurs: true };
  if (responseCode >= 500) return { outcome: 'failed', reason: `smtp_${responseCode}` };
  if (responseCode >= 400) return { outcome: 'later', reason: `smtp_${responseCode}` };
  if (hasBegun) return { outcome: 'maybe', reason: 'no_answer' };
  if (code === 'EENVELOPE') return { outcome: 'failed', reason: 'address_refused' };
  return { outcome: 'later', reason: 'no_connection' };
}

/** @param url `smtp://user:password@host:587`, `smtps://…`. */
export function createSmtpConnector({ url, from }: { url: string; from: string }): Connector {
  const waits = {
    ...{ connectionTimeout: ANSWER_MS, greetingTimeout: ANSWER_MS },
    ...{ socketTimeout: ANSWER_MS, dnsTimeout: ANSWER_MS },
  };
  const transport = createTransport(
    { url, ...waits },
    { from, disableFileAccess: true, disableUrlAccess: true },
  );
  const begun = new Set<string>();
  transport.use('stream', (mail, done) => {
    const make = mail.message.createReadStream.bind(mail.message);
    const id = mail.message.messageId();
    // It is read only once the server has said that the text may come.
    mail.message.createReadStream = (options) => make(options).once('resume', () => begun.add(id));
    done();
  });
  return {
    send: async ({ id, to, subject, body, unsubscribeUrl }) => {
      const messageId = `<${id}@counterfoil>`;
      try {
        await transport.sendMail({
          to: { name: '', address: to },
          subject,
          text: body,
          messageId,
          ...(unsubscribeUrl !== null && {
            headers: {
              'List-Unsubscribe': `<${unsubscribeUrl}>`,
              'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
            },
          }),
        });
        return { outcome: 'sent', reason: '' };
      } catch (cause) {
        return toSmtpResult(cause as SmtpFailure, begun.has(messageId));
      } finally {
        begun.delete(messageId);
      }
    },
    close: () => transport.close(),
  };
}

/** A gateway that takes JSON over HTTP: `{id, to, channel, text}`, with a secret of its own. */
export function createGatewayConnector(
  reach: Reach,
  { url, token, channel }: { url: string; token: string; channel: MessageChannel },
): Connector {
  return {
    send: async ({ id, to, body: text }) => {
      const headers = {
        'content-type': 'application/json',
        'idempotency-key': id,
        ...(token !== '' && { authorization: `Bearer ${token}` }),
      };
      const body = JSON.stringify({ id, to, channel, text });
      try {
        const status = await postOnce(reach, { url, headers, body, timeoutMs: ANSWER_MS });
        if (status >= 200 && status < 300) return { outcome: 'sent', reason: '' };
        // A gateway in trouble says nothing of what it has done with the message.
        if (status >= 500 && status !== 503) return { outcome: 'maybe', reason: `status_${status}` };
        return { outcome: status === 429 || status === 503 ? 'later' : 'failed', reason: `status_${status}` };
      } catch (cause) {
        if (!(cause instanceof CallFailure)) return { outcome: 'maybe', reason: 'bug' };
        return { outcome: cause.mayBeHeard ? 'maybe' : 'later', reason: cause.reason };
      }
    },
    close: () => undefined,
  };
}

/** Where messages go out; what is left out can not be sent. */
export interface MessageSettings {
  smtpUrl: string;
  mailFrom: string;
  smsUrl: string;
  smsToken: string;
  whatsappUrl: string;
  whatsappToken: string;
  /** Under which address members reach this centre, for the way out of a marketing e-mail. */
  publicUrl: string;
  /** What each gateway takes from one customer without asking back. */
  perSecond: number;
}

export const NO_MESSAGES: MessageSettings = {
  ...{ smtpUrl: '', mailFrom: '', smsUrl: '', smsToken: '' },
  ...{ whatsappUrl: '', whatsappToken: '', publicUrl: '' },
  perSecond: 10,
};

export function createConnectors(settings: MessageSettings, reach: Reach): Connectors {
  const { smtpUrl, mailFrom, smsUrl, smsToken, whatsappUrl, whatsappToken } = settings;
  const gateway = (channel: MessageChannel, url: string, token: string): Connectors =>
    url === '' ? {} : { [channel]: createGatewayConnector(reach, { url, token, channel }) };
  return {
    ...(smtpUrl !== '' &&
      mailFrom !== '' && { email: createSmtpConnector({ url: smtpUrl, from: mailFrom }) }),
    ...gateway('sms', smsUrl, smsToken),
    ...gateway('whatsapp', whatsappUrl, whatsappToken),
  };
}
