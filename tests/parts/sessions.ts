import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { z } from 'zod';
import type { TestCentre } from '../unit/crm/test-centre.ts';
import { projectFolder } from './postgres.ts';

/** One request with its answer, to the byte: what a till of that version sent, and what it was told. */
export const Step = z.strictObject({
  /** POST where nothing is said; a GET has an empty request. */
  method: z.enum(['GET', 'POST']).optional(),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  request: z.string(),
  status: z.int(),
  reply: z.string(),
  /** The reply is base64 of bytes that are no text. */
  isBinary: z.literal(true).optional(),
});
export type Step = z.infer<typeof Step>;
const Session = z.strictObject({ protocol: z.int(), steps: z.array(Step) });

const folderOf = (protocol: number): string =>
  join(projectFolder, 'tests', 'contract', 'sessions', `v${protocol}`);

/** Versions that sessions were recorded of. */
export const recordedVersions = (): number[] =>
  readdirSync(join(projectFolder, 'tests', 'contract', 'sessions')).map((name) => Number(name.slice(1)));

export const readSession = (protocol: number, name: string): Step[] =>
  Session.parse(JSON.parse(readFileSync(join(folderOf(protocol), `${name}.json`), 'utf8'))).steps;

export function writeSession(protocol: number, name: string, steps: readonly Step[]): void {
  writeFileSync(
    join(folderOf(protocol), `${name}.json`),
    `${JSON.stringify({ protocol, steps }, null, 1)}\n`,
  );
}

/** Values that are random at every centre; that they are there, and of which form, still counts. */
const RANDOM = /"(token|tillId|fence|code|signKey|sealKey|pinHash|mark|holdId|signature)":"([^"]*)"/g;
const formOf = (value: string): string => value.replaceAll(/[0-9A-Za-z+/]/g, 'x');

/** An answer without what differs from one centre to the next, and without its words. */
export const masked = (reply: string): unknown =>
  JSON.parse(
    reply
      .replaceAll(RANDOM, (_all, key: string, value: string) => `"${key}":"${formOf(value)}"`)
      .replace(/,"message":"(?:[^"\\]|\\.)*"/, ''),
  );

/** Sessions of a version, by name. */
export const recordedNames = (protocol: number): string[] =>
  readdirSync(folderOf(protocol)).map((name) => name.replace(/\.json$/, ''));

export const bytesOf = ({ reply, isBinary }: Pick<Step, 'reply' | 'isBinary'>): Buffer =>
  Buffer.from(reply, isBinary === true ? 'base64' : 'utf8');

const ZSTD_MAGIC = 0xfd2fb528;

/** An answer as it can be compared: packed lines and JSON masked, of an image of rows only what it is. */
export function shownOf({ path, status }: Pick<Step, 'path' | 'status'>, bytes: Buffer): unknown {
  const isPacked = bytes.length >= 4 && bytes.readUInt32LE() === ZSTD_MAGIC;
  const plain = isPacked ? zstdDecompressSync(bytes) : bytes;
  if (path.includes('/snapshots/') && status === 200) return { image: plain.toString('latin1', 0, 15) };
  if (path.includes('/segments/') && status === 200) return { lane: isPacked, isEmpty: plain.length === 0 };
  const text = plain.toString();
  // Sums and sizes of files are those of the machine that packed them.
  const sizeless = text.replaceAll(/(\\?")(?:bytes|plainBytes)\\?":\d+/g, '$1size$1:0');
  return masked(sizeless.replaceAll(/[0-9a-f]{64}/g, 'x'));
}

/** Asks as it was asked then. */
export const replay = (open: TestCentre, { method = 'POST', path, headers, request }: Step) =>
  open.app.inject({ method, url: path, headers, ...(method === 'POST' && { payload: request }) });
