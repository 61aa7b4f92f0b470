import { MANIFEST_CONTEXT, type Manifest, type SignedManifest } from '../../sync/feed/manifest.ts';
import type { Database } from '../database.ts';
import { readHead } from '../repos/feed-head.ts';
import { listSegments, readCut } from '../repos/feed-files.ts';
import { findSnapshot } from '../repos/feed-snapshots.ts';
import type { FeedSigner } from './signer.ts';

/** Merged segments stay listed for a little while: the finer ones are less to fetch for who is nearly there. */
const COVERED_LISTED_MS = 2 * 60_000;

interface Kept {
  fileId: number;
  signed: SignedManifest;
}

/** Says what can be fetched, signed once for all tills as long as nothing new is there. */
export function createManifests(database: Pick<Database, 'sql' | 'transaction'>, signer: FeedSigner) {
  let kept: Kept | null = null;
  const make = (nowMs: number): Promise<Manifest> =>
    database.transaction(async (tx) => {
      const { epoch } = await readHead(tx);
      const cut = await readCut(tx);
      return {
        form: 1,
        epoch,
        headSeq: cut?.cutSeq ?? 0,
        madeAtMs: nowMs,
        segments: await listSegments(tx, nowMs - COVERED_LISTED_MS),
        snapshot: await findSnapshot(tx),
      };
    }, 'read');
  return async (nowMs: number): Promise<SignedManifest> => {
    const fileId = (await readCut(database.sql))?.nextFileId ?? 0;
    if (kept?.fileId === fileId) return kept.signed;
    const text = JSON.stringify(await make(nowMs));
    const signed = { text, signature: await signer.sign(MANIFEST_CONTEXT + text) };
    kept = { fileId, signed };
    return signed;
  };
}
