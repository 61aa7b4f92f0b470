/**
 * What a page asks of the program around it, the same in a till's window and in a browser: files to save and to choose,
 * paper, the clipboard. No path of a machine is ever known here.
 */

export interface SavedFile {
  /** What it is called where the person saves it. */
  readonly name: string;
  /** Its media type, as in `text/csv`. */
  readonly type: string;
}

type Piece = string | Uint8Array<ArrayBuffer>;

/** How long the address of an offered file stays: the program around the page may ask the person first. */
const OFFERED_MS = 60_000;

function offer(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), OFFERED_MS);
}

/** Offers a file to be saved, once, and at once. */
export function saveFile({ name, type, parts }: SavedFile & { readonly parts: readonly Piece[] }): void {
  offer(name, new Blob([...parts], { type }));
}

/** So many signs or bytes are put away together: the browser keeps what is put away on its disk. */
const GATHERED_MAX = 4 * 1024 * 1024;

/**
 * Offers a large file that comes in pieces, once the last one is there.
 *
 * @throws Whatever `pieces` throws, and the reason of `signal` when it is aborted: nothing is offered then.
 */
export async function saveStream(
  { name, type }: SavedFile,
  pieces: AsyncIterable<Piece>,
  signal?: AbortSignal,
): Promise<void> {
  const done: Blob[] = [];
  let parts: Piece[] = [];
  let gathered = 0;
  const putAway = (): void => {
    done.push(new Blob(parts));
    parts = [];
    gathered = 0;
  };
  for await (const piece of pieces) {
    signal?.throwIfAborted();
    parts.push(piece);
    gathered += piece.length;
    if (gathered >= GATHERED_MAX) putAway();
  }
  signal?.throwIfAborted();
  putAway();
  offer(name, new Blob(done, { type }));
}

/**
 * A file that the person chooses; null when she does not.
 *
 * @param accept As in `<input accept>`: `.csv,.xlsx`.
 */
export function chooseFile({ accept }: { readonly accept: string }): Promise<File | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = accept;
    input.addEventListener('change', () => resolve(input.files?.[0] ?? null));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}

/** The dialog of the program around the page, for a printer or a PDF. */
export const printPage = (): void => window.print();

/** What came of a PDF. `cancelled`: the person chose no place. */
export type PdfOutcome = 'saved' | 'cancelled' | 'failed';
/** Asks the person where, and saves there what stands on paper. `name`: as it is proposed, without its end. */
export type SavePdf = (name: string) => Promise<PdfOutcome>;

/** Of the program around the page; null in a browser, whose printing makes one. */
export function pdfSaver(host: { savePdf?(name: string): Promise<unknown> } | undefined): SavePdf | null {
  const save = host?.savePdf;
  if (save === undefined) return null;
  return async (name) => {
    const outcome = await save(name).catch(() => 'failed');
    return outcome === 'saved' || outcome === 'cancelled' ? outcome : 'failed';
  };
}

/** @returns False when the program around the page does not allow it: the person copies by hand then. */
export function copyText(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  // Out of sight, but not hidden: what is hidden can not be selected.
  field.style.position = 'fixed';
  field.style.insetInlineStart = '-100vw';
  const before = document.activeElement;
  document.body.append(field);
  field.select();
  // The old way on purpose: the new one asks for a permission that the page does not have.
  const isCopied = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return isCopied;
}
