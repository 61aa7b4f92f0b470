/**
 * What a page in a browser and the office's program say to each other about their line, beside the port's own
 * messages. The first word is the page's `hello`; everything else waits for the answer.
 */
import { z } from 'zod';

/** Where the line is opened, below the page's own address. */
export const OFFICE_LINE_PATH = '/port';
/** Something comes from the office at least so often; a page that hears nothing for longer looks for it anew. */
export const OFFICE_BEAT_MS = 20_000;
/** The line was closed because the same page went on in another tab: it is not opened again. */
export const OFFICE_MOVED = 4001;
/** More pages than the office serves at once: the page tries again later. */
export const OFFICE_FULL = 4002;

const Token = z.string().regex(/^[\w-]{43}$/);

/** Page to office. */
export const FromDesk = z.discriminatedUnion('t', [
  /** `token`: of the line before, so that whoever was signed in there still is; null for a new page. */
  z.strictObject({ t: z.literal('hello'), token: Token.nullable() }),
  /** The new token is put away: the one before is of no use from now on. */
  z.strictObject({ t: z.literal('kept') }),
  /** Somebody touched a key or the mouse. */
  z.strictObject({ t: z.literal('used') }),
]);
export type FromDesk = z.infer<typeof FromDesk>;

/** Office to page. */
export const ToDesk = z.discriminatedUnion('t', [
  /** The answer to `hello`: what the next line begins with, and whether the page's calls before are known there. */
  z.strictObject({ t: z.literal('desk'), token: Token, isSame: z.boolean() }),
  z.strictObject({ t: z.literal('beat') }),
]);
export type ToDesk = z.infer<typeof ToDesk>;
