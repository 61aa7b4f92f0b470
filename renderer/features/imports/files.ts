import type { CoreClient } from '../../../electron/contract/index.ts';
import { IMPORT_PIECE_BYTES_MAX, type ImportRun } from '../../../electron/contract/imports.ts';

/** A file of the person's, as far as an import reads it. */
export interface ChosenFile {
  readonly name: string;
  readonly size: number;
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** So many bytes become signs at a time: a call takes only so many arguments. */
const SIGNS_AT_ONCE = 8_192;

function toBase64(bytes: Uint8Array): string {
  let signs = '';
  for (let at = 0; at < bytes.length; at += SIGNS_AT_ONCE) {
    signs += String.fromCharCode(...bytes.subarray(at, at + SIGNS_AT_ONCE));
  }
  return btoa(signs);
}

export const toBytes = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));

/** Sends a file piece by piece, then has its headers read. A piece that was lost is sent again. */
export async function sendFile(
  core: CoreClient,
  { runId, file, onSent }: { runId: string; file: ChosenFile; onSent: (sent: number) => void },
): Promise<ImportRun> {
  const begun = await core['imports.begin']({ runId, fileName: file.name.slice(-200), byteCount: file.size });
  if (begun.state === 'refused') return begun;
  for (let at = 0; at < file.size;) {
    const piece = new Uint8Array(await file.slice(at, at + IMPORT_PIECE_BYTES_MAX).arrayBuffer());
    if (piece.length === 0) break;
    const { received } = await core['imports.put']({ runId, at, base64: toBase64(piece) });
    at = received;
    onSent(at / file.size);
  }
  return core['imports.open']({ runId, encoding: null, delimiter: null });
}

/** Rows that were not taken, each with its reason, as one text. */
export async function failedRowsOf(core: CoreClient, runId: string): Promise<string> {
  let text = '';
  for (let afterRow: number | null = 0; afterRow !== null;) {
    const piece: { text: string; next: number | null } = await core['imports.failedRows']({
      runId,
      afterRow,
    });
    text += piece.text;
    afterRow = piece.next;
  }
  return text;
}
