import { z } from 'zod';
import type { SettingsRepo } from '../../db/till/types.ts';
import { StoreId, TillId } from '../../sync/base/ids.ts';
import { Chain, ChainDocument } from '../../sync/model/chain.ts';
import { Preferences, ScannerProfile } from '../contract/till.ts';

export const Enrolment = z.strictObject({
  tillId: TillId,
  incarnation: z.int().min(1),
  /** Bearer secret; lives in the encrypted file only. */
  token: z.string(),
  storeId: StoreId,
  tillName: z.string(),
  serverUrl: z.string(),
  /** As of enrolment; the replica's document replaces it. */
  chain: Chain,
});
export type Enrolment = z.infer<typeof Enrolment>;

const ScannerSetting = z.strictObject({ path: z.string(), profile: ScannerProfile });
const StoredSession = z.strictObject({ bootId: z.string(), staffId: z.string(), startedAtMs: z.int() });
const PinFailures = z.strictObject({ count: z.int(), lastAtMs: z.int() });

const LastSyncAtMs = z.int();
const Documents = z.array(ChainDocument);

const PREFERENCES: Preferences = { language: 'en', theme: 'system', isSoundOn: true };

/**
 * The settings of this till, each with its own schema and default. Stored in `till.db`, which is never
 * replaced.
 */
export function createTillSettings(repo: SettingsRepo) {
  return {
    enrolment: () => repo.get('enrolment', Enrolment) ?? null,
    setEnrolment: (enrolment: Enrolment) => repo.set('enrolment', enrolment),
    documents: () => repo.get('documents', Documents) ?? [],
    setDocuments: (documents: ChainDocument[]) => repo.set('documents', documents),
    preferences: (): Preferences => ({ ...PREFERENCES, ...repo.get('preferences', Preferences) }),
    setPreferences: (preferences: Preferences) => repo.set('preferences', preferences),
    scanner: () => repo.get('scanner', ScannerSetting) ?? null,
    setScanner: (setting: z.infer<typeof ScannerSetting>) => repo.set('scanner', setting),
    session: () => repo.get('session', StoredSession) ?? null,
    setSession: (session: z.infer<typeof StoredSession>) => repo.set('session', session),
    clearSession: () => repo.remove('session'),
    lastSyncAtMs: () => repo.get('last-sync-at', LastSyncAtMs) ?? null,
    setLastSyncAtMs: (atMs: number) => repo.set('last-sync-at', atMs),
    pinFailures: (login: string) =>
      repo.get(`pin-failures:${login}`, PinFailures) ?? { count: 0, lastAtMs: 0 },
    setPinFailures: (login: string, failures: z.infer<typeof PinFailures>) =>
      repo.set(`pin-failures:${login}`, failures),
    clearPinFailures: (login: string) => repo.remove(`pin-failures:${login}`),
  };
}
export type TillSettings = ReturnType<typeof createTillSettings>;
