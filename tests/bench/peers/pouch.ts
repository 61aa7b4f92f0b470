import { loadPeer } from './packages.ts';

/** As much of PouchDB as is used here. */
export interface Pouch {
  bulkDocs(docs: readonly object[]): Promise<readonly { ok?: boolean }[]>;
  info(): Promise<{ doc_count: number }>;
  replicate: {
    to(target: string | Pouch, options: object): Promise<{ ok: boolean; docs_written: number }>;
    from(source: string | Pouch, options: object): Promise<{ ok: boolean; docs_written: number }>;
  };
  close(): Promise<void>;
}

export interface PouchMaker {
  new (name: string): Pouch;
  defaults(options: { prefix: string }): PouchMaker;
}

/** PouchDB with its ordinary backend for Node: LevelDB in a folder. */
export const Pouch = loadPeer('pouchdb-node') as PouchMaker;
