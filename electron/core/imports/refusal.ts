import type { ImportReason } from '../../contract/import-reasons.ts';

/** The file as a whole is not taken. `detail`: the header or part that it is about, never what a cell holds. */
export class FileRefusal extends Error {
  override readonly name = 'FileRefusal';
  readonly code: ImportReason;
  readonly detail: string;
  constructor(code: ImportReason, detail = '', options?: ErrorOptions) {
    super(`${code} ${detail}`.trim(), options);
    this.code = code;
    this.detail = detail;
  }
}
