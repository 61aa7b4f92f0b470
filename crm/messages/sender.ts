import { setTimeout as wait } from 'node:timers/promises';
import { addressOf, skipReasonOf } from '../../sync/merge/messages.ts';
import { WHOLE_CHAIN } from '../../sync/base/ids.ts';
import type { MemberRow } from '../../sync/model/member.ts';
import { textSum } from '../../sync/model/message.ts';
import { MessageChannel, renderMessage, type MessageTemplate } from '../../sync/model/template.ts';
import type { Centre } from '../centre.ts';
import { toLogged } from '../log.ts';
import { findChain, findDocument } from '../repos/documents.ts';
import {
  closeFinished,
  countSentTo,
  findAsked,
  findRoot,
  giveUpStuck,
  hasDueSend,
  hasOpenSend,
  insertMessage,
  insertSends,
  saveFate,
  takeSend,
  type AskedOp,
  type SendFate,
  type TakenSend,
} from '../repos/messages.ts';
import { createTokenBucket } from '../token-bucket.ts';
import type { Connectors, MessageSettings } from './connectors.ts';
import { findTarget } from './recipients.ts';
import { createChooser } from './choose.ts';
import { unsubscribeUrl } from './unsubscribe.ts';

const LOOK_MS = 1_000;
/** Longer than any connector waits: whoever is still being sent to then was left by a program that ended. */
const STUCK_MS = 5 * 60_000;
const TRIES_MAX = 5;
const FIRST_WAIT_MS = 60_000;
/** Nobody is written to over a channel whose settings were refused: a server that is asked on and on locks us out. */
const OURS_WAIT_MS = 5 * 60_000;
const DAY_MS = 86_400_000;
/** Of all kinds, to one person: a mistake in a segment or two hurts nobody more than so often a day. */
const PER_PERSON_AND_DAY = 5;
/** So many are under way over one channel at once, one for each so many a second that its gateway takes. */
const LANES_MAX = 8;
const PER_SECOND_AND_LANE = 10;

export interface Sender {
  start(): void;
  /** Takes up what was asked for and sends what is due; resolves when nothing is. */
  sendDue(): Promise<void>;
  stop(): Promise<void>;
}

export type SenderParts = Pick<Centre, 'database' | 'clock' | 'log' | 'counters'> & {
  connectors: Connectors;
  settings: MessageSettings;
};

/** Why nobody gets anything; null: go on. */
function refusalOf(
  { connectors, settings }: SenderParts,
  { templateVersion, templateSum }: AskedOp['body'],
  template: MessageTemplate | undefined,
): string | null {
  if (template === undefined) return 'template_unknown';
  if (template.isRetired) return 'template_retired';
  const isSeen = templateSum === undefined || textSum(template) === templateSum;
  if (template.version !== templateVersion || !isSeen) return 'template_changed';
  if (connectors[template.channel] === undefined) return 'no_connector';
  const needsWayOut = template.channel === 'email' && template.purpose === 'marketing';
  return needsWayOut && settings.publicUrl === '' ? 'no_public_address' : null;
}

/** Takes up one request. @returns False when there is none. */
async function takeUp(parts: SenderParts): Promise<boolean> {
  const { sql } = parts.database;
  const asked = await findAsked(sql);
  if (asked === undefined) return false;
  const { body } = asked;
  const template = await findDocument(sql, 'template', body.templateId);
  const isSegment = body.memberId === WHOLE_CHAIN;
  const target = isSegment ? await findTarget(sql, body) : undefined;
  const reason = refusalOf(parts, body, template) ?? (typeof target === 'string' ? target : '');
  const state = reason === '' ? 'choosing' : 'refused';
  const memberId = isSegment ? null : body.memberId;
  await insertMessage(sql, { asked, channel: template?.channel ?? '', memberId, state, reason });
  return true;
}

const skipped = (reason: string): SendFate => ({ state: 'skipped', reason, nextAtMs: 0 });

async function post(
  parts: SenderParts,
  taken: TakenSend,
  { row, template }: { row: MemberRow; template: MessageTemplate },
) {
  const { database, settings } = parts;
  const chain = await findChain(database.sql);
  const isMarketing = template.purpose === 'marketing';
  const url =
    isMarketing && settings.publicUrl !== ''
      ? await unsubscribeUrl(parts, settings.publicUrl, row.memberId)
      : null;
  const { firstName, lastName } = row;
  const names = { firstName, lastName, name: `${firstName} ${lastName}`.trim() };
  const text = renderMessage(template, { ...names, chain: chain?.name ?? '', unsubscribe: url ?? '' });
  const to = addressOf(row, template) ?? '';
  const id = `${taken.opId}.${taken.memberId}`;
  return parts.connectors[template.channel]?.send({ id, to, ...text, unsubscribeUrl: url });
}

/** Everything is looked at now, and not as it was when the message was asked for (N20). */
async function sendOne(parts: SenderParts, taken: TakenSend): Promise<SendFate> {
  const { database, clock } = parts;
  const template = await findDocument(database.sql, 'template', taken.templateId);
  if (template === undefined || template.version !== taken.templateVersion)
    return skipped('template_changed');
  const addressee = await findRoot(database.sql, taken.memberId);
  const row = addressee?.row;
  if (row !== undefined && row.memberId !== taken.memberId) {
    // Once for each person, also where both selves were on the list.
    await insertSends(database.sql, taken, [{ memberId: row.memberId, skipReason: '' }]);
    return skipped('merged');
  }
  const reason = skipReasonOf(addressee, template);
  if (row === undefined || reason !== null) return skipped(reason ?? 'unknown');
  const nowMs = clock.nowMs();
  const count = await countSentTo(database.sql, taken.memberId, nowMs - DAY_MS);
  if (count >= PER_PERSON_AND_DAY) return skipped('too_many');
  const result = await post(parts, taken, { row, template });
  if (result === undefined) return { state: 'failed', reason: 'no_connector', nextAtMs: 0 };
  const { outcome, reason: why } = result;
  if (outcome !== 'later') return { state: outcome, reason: why, nextAtMs: 0 };
  if (result.isOurs === true)
    return { state: 'queued', reason: why, nextAtMs: nowMs + OURS_WAIT_MS, isOurs: true };
  if (taken.tries >= TRIES_MAX) return { state: 'failed', reason: why, nextAtMs: 0 };
  return { state: 'queued', reason: why, nextAtMs: nowMs + FIRST_WAIT_MS * 4 ** (taken.tries - 1) };
}

/** Sends what is due over one channel, no faster than its gateway takes it. */
function createChannelSender(parts: SenderParts, signal: AbortSignal) {
  const { database, clock, log, settings } = parts;
  const { perSecond } = settings;
  const rate = createTokenBucket({ perSecond, burst: 2 * perSecond });
  const lanes = database.isTrial ? 1 : Math.min(LANES_MAX, Math.ceil(perSecond / PER_SECOND_AND_LANE));
  const restsUntilMs = new Map<MessageChannel, number>();
  const paced = async (channel: MessageChannel): Promise<void> => {
    // Real time: a gateway counts its own seconds.
    while (rate.take(channel, performance.now()) > 0) await wait(100, undefined, { signal });
  };
  const sendNext = async (channel: MessageChannel): Promise<boolean> => {
    if ((restsUntilMs.get(channel) ?? 0) > clock.nowMs()) return false;
    if (!(await hasDueSend(database.sql, channel, clock.nowMs()))) return false;
    await paced(channel);
    const taken = await takeSend(database.sql, channel, clock.nowMs());
    if (taken === undefined) return false;
    const fate = await sendOne(parts, taken);
    await saveFate(database.sql, taken, fate);
    if (fate.state === 'sent') parts.counters.add('messagesSent');
    if (fate.isOurs === true) {
      restsUntilMs.set(channel, fate.nextAtMs);
      log.error({ channel, reason: fate.reason }, 'a way out refuses the settings of this centre: it rests');
    }
    if (fate.state === 'failed' || fate.state === 'maybe')
      log.warn({ opId: taken.opId, state: fate.state, reason: fate.reason }, 'a message was not confirmed');
    return true;
  };
  const sendOn = async (channel: MessageChannel): Promise<boolean> => {
    let isAny = false;
    while (!signal.aborted && (await sendNext(channel))) isAny = true;
    return isAny;
  };
  return async (channel: MessageChannel): Promise<void> => {
    const sent = await Promise.all(Array.from({ length: lanes }, () => sendOn(channel)));
    if (sent.includes(true)) await closeFinished(database.sql);
  };
}

/**
 * Sends what members were asked to be written. Several processes share the work row by row; a channel whose server is
 * slow keeps no other waiting.
 */
export function createSender(parts: SenderParts): Sender {
  const { database, clock, log, connectors } = parts;
  const ending = new AbortController();
  const sendOver = createChannelSender(parts, ending.signal);
  const choose = createChooser(parts);
  const underWay = new Map<MessageChannel, Promise<void>>();
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  /** @returns True when there may be something to send. */
  const prepare = async (): Promise<boolean> => {
    let isNew = false;
    while (!ending.signal.aborted && (await takeUp(parts))) isNew = true;
    while (!ending.signal.aborted && (await choose())) isNew = true;
    if (!isNew && !(await hasOpenSend(database.sql, clock.nowMs()))) return false;
    await giveUpStuck(database.sql, clock.nowMs() - STUCK_MS);
    await closeFinished(database.sql);
    return true;
  };
  const tell = (cause: unknown): void => {
    if (!ending.signal.aborted) log.warn({ cause: toLogged(cause) }, 'messages had to wait');
  };
  const sendAside = (channel: MessageChannel): void => {
    if (underWay.has(channel)) return;
    const sending = sendOver(channel)
      .catch(tell)
      .finally(() => underWay.delete(channel));
    underWay.set(channel, sending);
  };
  const look = (): void => {
    running = prepare()
      .then((isDue) => {
        if (isDue && !ending.signal.aborted) MessageChannel.options.forEach(sendAside);
      })
      .catch(tell)
      .finally(() => {
        if (!ending.signal.aborted) timer = setTimeout(look, LOOK_MS).unref();
      });
  };
  return {
    start: look,
    sendDue: async () => {
      if (await prepare()) await Promise.all(MessageChannel.options.map(sendOver));
    },
    stop: async () => {
      ending.abort();
      clearTimeout(timer);
      await running;
      await Promise.all(underWay.values());
      for (const connector of Object.values(connectors)) connector.close();
    },
  };
}
