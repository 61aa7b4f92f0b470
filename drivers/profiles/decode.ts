import type { Identifiers } from '../decode/code-id.ts';
import { idleMsOf } from '../decode/framer.ts';
import type { HidPosLayout } from '../decode/hid-pos.ts';
import type { MagneticLayout } from '../decode/magnetic-report.ts';
import type { DecodeProfile } from '../decode/scan-decoder.ts';
import { serialProfiles, type SerialProfile } from './serial.ts';

const DEFAULT_BAUD_RATE = 9600;

const suffix = (identifiers: Identifiers, ...endings: string[]): DecodeProfile => ({
  input: { kind: 'stream', framing: { kind: 'suffix', endings } },
  identifiers,
});
const idle = (identifiers: Identifiers): DecodeProfile => ({
  input: { kind: 'stream', framing: { kind: 'idle', silenceMs: idleMsOf(DEFAULT_BAUD_RATE) } },
  identifiers,
});
const hidPos = (layout: HidPosLayout): DecodeProfile => ({
  input: { kind: 'hid-pos', layout },
  identifiers: 'aim',
});
const swipes = (layout: MagneticLayout): DecodeProfile => ({
  input: { kind: 'msr-report', layout },
  identifiers: 'none',
});

/** As Olivetti's preset of several makers. */
const asked: SerialProfile = {
  ...serialProfiles['stx-etx'],
  line: { baudRate: 9600, dataBits: 7, parity: 'even', stopBits: 1 },
  handshake: 'ack-nak',
};

/** Every way a device speaks that is decoded from bytes. Names are settings: add, never rename. */
export const decodeProfiles = {
  ...serialProfiles,
  'honeywell-id cr': suffix('honeywell', '\r'),
  'honeywell-id crlf': suffix('honeywell', '\r\n'),
  'zebra-id cr': suffix('zebra', '\r'),
  'zebra-id crlf': suffix('zebra', '\r\n'),
  'aim stx-etx': serialProfiles['stx-etx'],
  'stx-etx ack': asked,
  idle: idle('none'),
  'aim idle': idle('aim'),
  'aim cr gb18030': { ...suffix('aim', '\r'), charset: 'gb18030' },
  'aim cr shift_jis': { ...suffix('aim', '\r'), charset: 'shift_jis' },
  hidpos: hidPos('auto'),
  'hidpos auto': hidPos('auto'),
  'hidpos A': hidPos('A'),
  "hidpos A'": hidPos("A'"),
  'hidpos B': hidPos('B'),
  'msr auto': swipes('auto'),
  'msr vendor 337': swipes('vendor'),
  'msr idtech': swipes('idtech'),
  'msr 8e': swipes('standard'),
  'msr text cr': { ...suffix('none', '\r'), magnetic: 'plain' },
  'msr raw lrc': { ...idle('none'), magnetic: 'lrc' },
} satisfies Record<string, DecodeProfile>;

export type DecodeProfileName = keyof typeof decodeProfiles;

/** The profile of that name, in any case and with remarks behind it in brackets; null for none. */
export function findDecodeProfile(name: string): DecodeProfileName | null {
  const plain = name
    .replace(/\([^)]*\)/g, ' ')
    .replace(/\b8N1 vs 7E1\b/i, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
  const names = Object.keys(decodeProfiles) as DecodeProfileName[];
  return names.find((each) => each.toLowerCase() === plain) ?? null;
}
