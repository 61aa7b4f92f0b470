import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectFolder } from './postgres.ts';

/** One request with its answer, to the byte: what a till of that version sent, and what it was told. */
export const Step = z.strictObject({
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  request: z.string(),
  status: z.int(),
  reply: z.string(),
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
const RANDOM = /"(token|tillId|fence|code|signKey|sealKey|pinHash|mark)":"([^"]*)"/g;
const formOf = (value: string): string => value.replaceAll(/[0-9A-Za-z+/]/g, 'x');

/** An answer without what differs from one centre to the next, and without its words. */
export const masked = (reply: string): unknown =>
  JSON.parse(
    reply
      .replaceAll(RANDOM, (_all, key: string, value: string) => `"${key}":"${formOf(value)}"`)
      .replace(/,"message":"(?:[^"\\]|\\.)*"/, ''),
  );
