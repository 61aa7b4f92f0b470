import { readFileSync, statSync } from 'node:fs';
import { type DecodedEvent, decodeScans } from '../../core/decode-scans.ts';
import { AppError } from '../../contract/errors.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { type Command, NEEDED_TEXT, TEXT, textOf } from './command.ts';

/** A recording of a scanner's whole day is shorter. */
const FILE_BYTES_MAX = 1_048_576;
/** The demo chain's; a real chain gives its own. */
const OWN_PREFIXES = '603555';
const WALLET_PREFIXES = 'TW1.';

const INPUTS = ['hex', 'base64', 'text', 'file'] as const;
type Input = (typeof INPUTS)[number];

const toInput = (args: Arguments): Input => {
  const wanted = textOf(args, 'input') ?? 'hex';
  const input = INPUTS.find((each) => each === wanted);
  if (input === undefined) throw new UsageError(`--input is one of ${INPUTS.join(', ')}`);
  return input;
};

const listOf = (args: Arguments, option: string, otherwise: string): string[] =>
  (textOf(args, option) ?? otherwise)
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);

const ESCAPES: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', '\\': '\\' };

/** Text as typed, with `\r`, `\n`, `\t`, `\xNN` and a doubled backslash. */
const unescape = (text: string): string =>
  text.replace(/\\(?:x([0-9a-fA-F]{2})|([rnt\\]))/g, (_whole, byte?: string, sign?: string) =>
    byte === undefined ? (ESCAPES[sign ?? ''] ?? '') : String.fromCharCode(Number.parseInt(byte, 16)),
  );

/** Signs below 256 are one byte each, as a line carries them; a text with others is UTF-8. */
function toBytes(text: string): Uint8Array {
  const isLatin = Array.from(text).every((sign) => (sign.codePointAt(0) ?? 0) < 0x100);
  return new Uint8Array(Buffer.from(text, isLatin ? 'latin1' : 'utf8'));
}

function readFile(path: string): Uint8Array {
  try {
    if (statSync(path).size > FILE_BYTES_MAX) {
      throw new AppError('bad_request', `That file is longer than ${FILE_BYTES_MAX} bytes.`);
    }
    return new Uint8Array(readFileSync(path));
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('not_found', 'That file can not be read.', { cause });
  }
}

function fromBase64(text: string): Uint8Array {
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) throw new UsageError('that is no base64');
  return new Uint8Array(Buffer.from(text, 'base64'));
}

/** Chunks in any notation. A wedge's keys stay words; `in` of a vector may be given as it is, as a JSON list. */
function toChunks(operands: readonly string[], input: Input, profile: string): (string | Uint8Array)[] {
  if (input === 'hex' || /^wedge\b/i.test(profile)) return operands.flatMap(unlist);
  if (input === 'file') return operands.map(readFile);
  return operands.map((text) => (input === 'base64' ? fromBase64(text) : toBytes(unescape(text))));
}

function unlist(operand: string): string[] {
  if (!operand.trimStart().startsWith('["')) return [operand];
  try {
    const list: unknown = JSON.parse(operand);
    if (Array.isArray(list) && list.every((each) => typeof each === 'string')) return list;
  } catch {
    // Said below, as for any other list that is none.
  }
  throw new UsageError('a list of chunks is a JSON array of texts');
}

/** One line for people. */
function lineOf(event: DecodedEvent): string {
  const { type, at, seq: _seq, scan, ...rest } = event;
  const fields = Object.entries(typeof scan === 'object' && scan !== null ? scan : rest)
    .filter(
      ([name, value]) => name !== 'kind' && value !== null && !(Array.isArray(value) && value.length === 0),
    )
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const kind = typeof scan === 'object' && scan !== null && 'kind' in scan ? String(scan.kind) : '';
  return [`+${String(at)}ms`, String(type), kind, ...fields].filter(Boolean).join('  ');
}

const decode: Command = {
  name: 'decode',
  operands: ['CHUNKS…'],
  options: {
    profile: NEEDED_TEXT,
    input: TEXT,
    'own-prefixes': TEXT,
    'wallet-prefixes': TEXT,
  },
  about:
    'what a scanner’s bytes become; hex, / between chunks, +120ms, [00x42]; --input hex|base64|text|file',
  check: (args) => void toInput(args),
  run: async ({ args }) => {
    const profile = textOf(args, 'profile') ?? '';
    const events = decodeScans({
      profile,
      chunks: toChunks(args.operands, toInput(args), profile),
      ownPrefixes: listOf(args, 'own-prefixes', OWN_PREFIXES),
      walletPrefixes: listOf(args, 'wallet-prefixes', WALLET_PREFIXES),
    });
    if ('problem' in events) {
      throw new UsageError(
        events.problem === 'profile'
          ? `there is no profile of that name. Known: ${events.known.join(', ')}`
          : 'chunks are hexadecimal, with / between them, +120ms for a silence and [00x42] for a byte many times',
      );
    }
    return { data: { events }, text: events.length === 0 ? 'nothing' : events.map(lineOf).join('\n') };
  },
};

export const decodeCommands: readonly Command[] = [decode];
