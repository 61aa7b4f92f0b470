import { foldControlSigns } from './control-signs.ts';
import { toScan, type DecodedScan } from './scan-event.ts';
import type { Symbology } from './symbology.ts';

/** A piece of a licence goes on for so long after the piece before. */
export const DOCUMENT_SILENCE_MS = 200;

/** Starts of the code on North American licences (AAMVA card design standard, annex D), whole or cut at a CR. */
const START = /^(?:@(?:\n|$)|@?\n?(?:ANSI |AAMVA)\d{2})/;
/** Later pieces of it: element names of three letters, or what separates them. */
const MORE = /^\n?(?:$|ANSI |AAMVA|[A-Z]{3}|@)/;
/** As much of a text as tells. */
const HEAD_CHARS = 32;

/** True for text that an identity document starts with. */
export function isDocument(text: string): boolean {
  const first = text.charCodeAt(0);
  const canBe = first < 0x20 || first === 0x40 || first === 0x41;
  return canBe && START.test(foldControlSigns(text.slice(0, HEAD_CHARS)));
}

/** True for text that may go on with one that has begun. */
export const isDocumentPart = (text: string): boolean =>
  MORE.test(foldControlSigns(text.slice(0, HEAD_CHARS)));

export const toDocument = (symbology: Symbology, aim: string | null): DecodedScan =>
  toScan({ kind: 'id-document', text: '', symbology, isDeclared: aim !== null, aim });
