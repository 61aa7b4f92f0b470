import { isLuhnValid } from '../../sync/base/card-number.ts';
import { isOwn, maskNumber } from './payment-card.ts';
import { toError, toScan, type DecodedScan, type Facts, type ScanEvent } from './scan-event.ts';

/** Longest track with sentinels and check character (ISO/IEC 7811): 79, 40, 107. */
export const TRACK_CHARS_MAX = 110;
/** Issuers of North American driving licences (AAMVA): an identity document, whatever else fits. */
const LICENCE_ISSUER = /^(?:6360\d\d|60442[6-9])/;

interface Track {
  readonly number: 1 | 2 | 3;
  /** With both sentinels. */
  readonly text: string;
  /** The check character behind the end sentinel; null when the reader dropped it. */
  readonly lrc: string | null;
}

type MagneticText = { readonly tracks: readonly Track[]; readonly isUnreadable: boolean };

const START_1 = '%';
const END = '?';

const TRACK =
  /^(?:%[^?]{0,107}\?|;[0-9=]{0,105}\?|[;+][0-9E][0-9=]{0,105}\?|%[A-Z][0-9 ]{4,24}\^|;[0-9]{13,19}=)/;

/** Control signs that readers put in front and behind go; what is inside stays. */
const trimControls = (text: string): string => text.replace(/^[\p{Cc}\s]+|[\p{Cc}\s]+$/gu, '');

/** True for text that starts as a magnetic track does, whichever way it was sent. */
export function isTrackText(text: string): boolean {
  const first = text.charCodeAt(0);
  const canBe = first < 0x20 || '%;+'.includes(text.charAt(0));
  return canBe && TRACK.test(trimControls(text));
}

/**
 * Cuts `%…?;…?+…?` into tracks. `E` in the place of a track says that the reader could not read it. Text that
 * is no chain of tracks gives null.
 */
function cutTracks(text: string, hasLrc: boolean): MagneticText | null {
  const tracks: Track[] = [];
  let isUnreadable = false;
  let seconds = 0;
  let at = 0;
  while (at < text.length) {
    const start = text.charAt(at);
    const end = text.indexOf(END, at);
    if (!`${START_1};+`.includes(start) || end === -1 || end - at >= TRACK_CHARS_MAX) return null;
    const whole = text.slice(at, end + 1);
    if (start === ';') seconds += 1;
    const number = start === START_1 ? 1 : start === ';' && seconds === 1 ? 2 : 3;
    if (/^[%;+]E?\?$/.test(whole)) isUnreadable ||= whole.length === 3;
    else tracks.push({ number, text: whole, lrc: hasLrc ? text.charAt(end + 1) : null });
    at = end + (hasLrc ? 2 : 1);
  }
  return { tracks, isUnreadable };
}

/** XOR over the track, sentinels included: six bits a sign on track 1, four on the others. */
function isLrcRight({ number, text, lrc }: Track): boolean {
  const base = number === 1 ? 0x20 : 0x30;
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) sum ^= text.charCodeAt(at) - base;
  return lrc === String.fromCharCode(sum + base);
}

interface Account {
  readonly digits: string;
  /** `YYMM`; null when the card has none. */
  readonly expiry: string | null;
}

function readAccount({ number, text }: Track): Account | null {
  if (number === 3) return null;
  const found =
    number === 1
      ? /^%B([0-9 ]{1,23})\^[^^]{0,40}\^(\d{4}|\^|=)/.exec(text)
      : /^;(\d{1,19})=(\d{4}|=)/.exec(text);
  if (found === null) return null;
  const expiry = found[2] ?? '';
  return {
    digits: (found[1] ?? '').replaceAll(' ', ''),
    expiry: /^\d{4}$/.test(expiry) ? expiry : null,
  };
}

const refusal = (kind: DecodedScan['kind'], masked: string | null): ScanEvent => ({
  type: 'scan',
  scan: toScan({ kind, text: '', symbology: 'msr', isDeclared: true, aim: null, masked }),
});

interface MagneticOptions {
  readonly ownPrefixes: readonly string[];
  /** Tracks are followed by their check character. */
  readonly hasLrc?: boolean;
}

/**
 * A swipe as the event it is. Own cards are members; everything else from a magnetic stripe is refused, since
 * whatever it is, it is not ours to keep. Never throws.
 */
export function readMagnetic(rawText: string, { ownPrefixes, hasLrc = false }: MagneticOptions): ScanEvent {
  // A check character may be a space.
  const text = hasLrc ? rawText.replace(/^[\p{Cc}\s]+|[\r\n]+$/gu, '') : trimControls(rawText);
  const cut = cutTracks(text, hasLrc);
  const unread = toError('msr-read', rawText.length, 'swipe again');
  if (cut === null || cut.tracks.length === 0) return unread;
  if (hasLrc && !cut.tracks.every(isLrcRight)) return toError('lrc', rawText.length, 'swipe again');
  const accounts = cut.tracks.map(readAccount).filter((account) => account !== null);
  const [first] = accounts;
  if (first === undefined) return refusal(toRefusedKind(text), null);
  if (LICENCE_ISSUER.test(first.digits)) return refusal('id-document', null);
  const foreign = accounts.find(({ digits }) => !isOwn(digits, ownPrefixes));
  if (foreign !== undefined) return refusal('blocked-payment-card', maskNumber(foreign.digits));
  if (accounts.some(({ digits }) => digits !== first.digits)) return unread;
  if (!isLuhnValid(first.digits)) return toError('luhn', rawText.length, 'swipe again');
  return { type: 'scan', scan: toMember(first, cut) };
}

/** Licences use other sentinels or a first track that starts with the state. */
const toRefusedKind = (text: string): DecodedScan['kind'] =>
  /^%[A-Z]{2}[A-Z .'-]{1,13}\^/.test(text) ? 'id-document' : 'blocked-payment-card';

function toMember({ digits, expiry }: Account, { tracks, isUnreadable }: MagneticText): DecodedScan {
  const read = tracks.map(({ number }) => number).join('+');
  const facts: Facts = expiry === null ? { tracks: read } : { tracks: read, expiry };
  return toScan({
    kind: 'member-card',
    text: digits,
    symbology: 'msr',
    isDeclared: true,
    aim: null,
    facts,
    issues: isUnreadable ? ['track-unread'] : [],
  });
}

/** For reports that say so themselves: a licence, of which nothing is kept. */
export const refuseDocument = (): ScanEvent => refusal('id-document', null);
