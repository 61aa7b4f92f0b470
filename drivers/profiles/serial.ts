import type { DecodeProfile } from '../decode/scan-decoder.ts';
import type { Identifiers } from '../decode/code-id.ts';
import type { LineOptions } from '../types.ts';

/** How a model of scanner speaks, as data. */
export interface SerialProfile extends DecodeProfile {
  readonly line: LineOptions;
  /** The scanner keeps a code until it hears ACK, and sends it again at NAK. */
  readonly handshake?: 'ack-nak';
}

/** Factory setting of most scanners; USB-CDC ones ignore it. */
const LINE_9600_8N1: LineOptions = { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 };

const suffix = (identifiers: Identifiers, ...endings: string[]): SerialProfile => ({
  line: LINE_9600_8N1,
  input: { kind: 'stream', framing: { kind: 'suffix', endings } },
  identifiers,
});

/** Names are settings that people have written down: add, never rename. */
export const serialProfiles = {
  auto: suffix('aim', '\r', '\n'),
  cr: suffix('none', '\r'),
  lf: suffix('none', '\n'),
  crlf: suffix('none', '\r\n'),
  tab: suffix('none', '\t'),
  'aim cr': suffix('aim', '\r'),
  'aim crlf': suffix('aim', '\r\n'),
  'stx-etx': {
    line: LINE_9600_8N1,
    input: { kind: 'stream', framing: { kind: 'stx-etx' } },
    identifiers: 'aim',
  },
} satisfies Record<string, SerialProfile>;

export type SerialProfileName = keyof typeof serialProfiles;

/**
 * Takes any single ending and an AIM identifier if there is one, so a scanner out of its box has the best
 * chance.
 */
export const DEFAULT_SERIAL_PROFILE: SerialProfileName = 'auto';

export const isSerialProfileName = (name: string): name is SerialProfileName =>
  Object.hasOwn(serialProfiles, name);
