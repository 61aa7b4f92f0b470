import type {
  ImportEncoding,
  ImportMode,
  ImportRow,
  ImportRun,
  ImportTemplate,
} from '../../../electron/contract/imports.ts';
import type { Failure } from '../../lib/failure.ts';
import type { ChosenFile } from './files.ts';

export type Action = ImportRow['action'];

/** What the rows are read and run as; the file's own words until somebody changes them. */
export interface Settings {
  readonly mode: ImportMode;
  readonly columns: readonly (string | null)[];
  /** Headers that somebody has said to leave out. */
  readonly ignored: readonly number[];
  readonly pointsCardTypeId: string | null;
  readonly creditCardTypeId: string | null;
}

export interface ImportsState {
  readonly run: ImportRun | null;
  readonly history: readonly ImportRun[];
  /** There were imports before the oldest of these. */
  readonly hasOlder: boolean;
  readonly columns: readonly { name: string; label: string }[];
  readonly settings: Settings | null;
  readonly rows: readonly ImportRow[];
  readonly hasMore: boolean;
  readonly shown: Action | null;
  /** 0 .. 1 of the file that is on its way. */
  readonly sent: number | null;
  readonly failure: Failure | null;
  open(): Promise<void>;
  choose(file: ChosenFile): Promise<void>;
  reread(how: { encoding: ImportEncoding | null; delimiter: string | null }): Promise<void>;
  set(change: Partial<Settings>): void;
  check(): Promise<void>;
  act(act: 'imports.start' | 'imports.cancel' | 'imports.undo'): Promise<void>;
  show(runId: string): Promise<void>;
  filter(action: Action | null): Promise<void>;
  more(): Promise<void>;
  older(): Promise<void>;
  hear(run: ImportRun): void;
  leave(): void;
  template(template: ImportTemplate): Promise<{ name: string; bytes: Uint8Array<ArrayBuffer> } | null>;
  failedRows(): Promise<string | null>;
}

export type Get = () => ImportsState;
export type Set = (change: Partial<ImportsState>) => void;
