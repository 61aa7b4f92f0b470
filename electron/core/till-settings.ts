import { z } from 'zod';
import type { SettingsRepo } from '../../db/till/types.ts';
import { StoreId, TillId } from '../../sync/base/ids.ts';
import { Chain, ChainDocument } from '../../sync/model/chain.ts';
import { CardBlock } from '../../sync/model/feed.ts';
import { CentreKeys, NodeKind } from '../../sync/protocol/exchange.ts';
import { ScanRules } from '../contract/devices.ts';
import { Preferences, ScannerProfile } from '../contract/till.ts';
import { DeviceSettings, NO_DEVICES } from './devices/device-settings.ts';
import { PortMore } from './devices/port-setting.ts';
import { NO_RULES } from './devices/scan-rules.ts';

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
  /** The till's own Ed25519 seed, 64 hex digits. Leaves this file only as signatures. */
  secretKey: z.string().regex(/^[0-9a-f]{64}$/),
  /** Public halves of the centre's keys: what it signs is checked with one, spills are sealed for the other. */
  centreKeys: CentreKeys,
  /** As what the centre let it in; absent: a till. */
  kind: NodeKind.optional(),
});
export type Enrolment = z.infer<typeof Enrolment>;

/** A file of an earlier incarnation, beside `till.db`, whose ops the centre has not all heard of. */
export const Aside = z.strictObject({
  file: z.string(),
  incarnation: z.int().min(1),
  /** Sent as strays up to here. */
  sentTseq: z.int().min(0),
  /** The centre counts anew since: what the file itself says of its answers counts no more. */
  isAnew: z.boolean().optional(),
});
export type Aside = z.infer<typeof Aside>;
const Asides = z.array(Aside);

/** What the centre answered to a till that goes on under its next incarnation; carried out at the next start. */
export const Renewal = z.strictObject({ enrolment: Enrolment, cardBlock: CardBlock });
export type Renewal = z.infer<typeof Renewal>;

/**
 * What the centre's clock said last, what the PC's lacked to it, and up to which own op the centre had all by
 * then.
 */
export const TrustedClock = z.strictObject({
  offsetMs: z.int(),
  trustedMs: z.int().min(0),
  tseq: z.int().min(0),
});
export type TrustedClock = z.infer<typeof TrustedClock>;

const Fence = z.string();
const CopyToGo = z.boolean();
/** In which epoch the centre gave it. */
const KeptMark = z.strictObject({ epoch: z.string(), mark: z.string() });
export type KeptMark = z.infer<typeof KeptMark>;
const Epoch = z.string();
const DigestChecks = z.strictObject({ checkedAtMs: z.int(), count: z.int().min(0) });
const RequestId = z.string();
/** By account: what the centre has set aside for this till, and what is left of it. */
const Grants = z.record(z.string(), z.strictObject({ holdId: z.uuid(), left: z.int().min(0) }));
export type Grants = z.infer<typeof Grants>;
const HoldIds = z.array(z.uuid());
const GrantsAskedAtMs = z.int();
const SentTseq = z.int().min(0);
const Stopped = z.string();
const Schema = z.string();
const Protocol = z.int().min(0);
/** Shapes of ops and rows: of the program that filled the copy, and of the centre at that time. */
const CopyShape = z.strictObject({ own: z.string(), centre: z.string() });
export type CopyShape = z.infer<typeof CopyShape>;
/** `gap`: own ops are missing that the centre has; nothing is saved before it has said how to go on. */
const Mended = z.strictObject({
  state: z.enum(['whole', 'gap', 'empty']),
  /** The damaged file, beside this one. */
  file: z.string(),
  /** Nothing that is not at the centre is in the damaged file alone. */
  isSpillSound: z.boolean(),
  /** By the centre's clock: since when the damaged file is kept for what it alone may have. */
  keptSinceMs: z.int().optional(),
});
export type Mended = z.infer<typeof Mended>;

const ScannerSetting = z.strictObject({ path: z.string(), profile: ScannerProfile });
const StoredSession = z.strictObject({ bootId: z.string(), staffId: z.string(), startedAtMs: z.int() });
/** `upMs`: the machine's running time at the last one; see `CoreClock.monotonicMs`. */
const PinFailures = z.strictObject({ count: z.int(), upMs: z.int() });

const LastSyncAtMs = z.int();
const Documents = z.array(ChainDocument);

/** Of a later program, or damaged: what a scanner is set to is no reason not to sell. */
const READABLE = {
  scanner: ScannerSetting.nullable().catch(null),
  devices: DeviceSettings.catch(NO_DEVICES),
  portMore: PortMore.nullable().catch(null),
  scanRules: ScanRules.catch(NO_RULES),
};
/** As the program before this one kept it: in the epoch of the numbers that own ops have. */
function earlierMark(repo: SettingsRepo): KeptMark | null {
  const mark = repo.get('centre-mark', z.string());
  const epoch = repo.get('ack-epoch', Epoch);
  return mark === undefined || epoch === undefined ? null : { epoch, mark };
}

const PREFERENCES: Preferences = { language: 'en', theme: 'system', isSoundOn: true };

/**
 * The settings of this till, each with its own schema and default. Stored in `till.db`, which is never
 * replaced.
 */
export function createTillSettings(repo: SettingsRepo) {
  return {
    enrolment: () => repo.get('enrolment', Enrolment) ?? null,
    setEnrolment: (enrolment: Enrolment) => repo.set('enrolment', enrolment),
    /** The token of the latest ack; kept in the same transaction as the acks. */
    fence: () => repo.get('fence', Fence) ?? '',
    setFence: (fence: string) => repo.set('fence', fence),
    /** What the centre gave to be shown again; null before the first. The copy keeps its own (`ReplicaDb.mark`). */
    mark: (): KeptMark | null => repo.get('kept-mark', KeptMark) ?? earlierMark(repo),
    setMark: (mark: KeptMark) => repo.set('kept-mark', mark),
    /** The epoch of the numbers that own ops have; null before the first answer. */
    ackEpoch: () => repo.get('ack-epoch', Epoch) ?? null,
    setAckEpoch: (epoch: string) => repo.set('ack-epoch', epoch),
    /** The centre's code while only a person can help (`till_forked`, …); null when all is well. */
    stoppedBy: () => repo.get('stopped-by', Stopped) ?? null,
    setStoppedBy: (code: string | null) =>
      code === null ? repo.remove('stopped-by') : repo.set('stopped-by', code),
    /** This file was made anew because the one before was damaged; null where that never happened. */
    mended: () => repo.get('mended', Mended) ?? null,
    setMended: (mended: Mended) => repo.set('mended', mended),
    /** The version that the centre agreed on last; null before the first. */
    protocol: () => repo.get('protocol', Protocol) ?? null,
    setProtocol: (protocol: number) => repo.set('protocol', protocol),
    copyShape: () => repo.get('copy-shape', CopyShape) ?? null,
    setCopyShape: (shape: CopyShape) => repo.set('copy-shape', shape),
    /** What the centre said last. */
    centreSchema: () => repo.get('centre-schema', Schema) ?? null,
    setCentreSchema: (schema: string) => repo.set('centre-schema', schema),
    renewalRequestId: () => repo.get('renewal-request', RequestId) ?? null,
    setRenewalRequestId: (id: string) => repo.set('renewal-request', id),
    renewal: () => repo.get('renewal', Renewal) ?? null,
    setRenewal: (renewal: Renewal) => repo.set('renewal', renewal),
    trustedClock: () => repo.get('trusted-clock', TrustedClock) ?? null,
    setTrustedClock: (trusted: TrustedClock) => repo.set('trusted-clock', trusted),
    asides: () => repo.get('asides', Asides) ?? [],
    setAsides: (asides: Aside[]) => repo.set('asides', asides),
    /** When the copy was last compared with the centre, and how often; null before the first sync. */
    digestChecks: () => repo.get('digest-checks', DigestChecks) ?? null,
    setDigestChecks: (checks: z.infer<typeof DigestChecks>) => repo.set('digest-checks', checks),
    /** Own ops up to this one may have left the till. */
    sentTseq: () => repo.get('sent-tseq', SentTseq) ?? 0,
    setSentTseq: (tseq: number) => repo.set('sent-tseq', tseq),
    /** The numbers of own ops were forgotten, and rows that hold these ops must not be laid under them again. */
    isCopyToGo: () => repo.get('copy-to-go', CopyToGo) ?? false,
    setCopyToGo: (isToGo: boolean) => repo.set('copy-to-go', isToGo),
    grants: (): Grants => repo.get('grants', Grants) ?? {},
    setGrants: (grants: Grants) => repo.set('grants', grants),
    /** Given up, and not heard by the centre yet. */
    lettingGo: () => repo.get('letting-go', HoldIds) ?? [],
    setLettingGo: (ids: string[]) => repo.set('letting-go', ids),
    grantsAskedAtMs: () => repo.get('grants-asked-at', GrantsAskedAtMs) ?? null,
    setGrantsAskedAtMs: (atMs: number) => repo.set('grants-asked-at', atMs),
    documents: () => repo.get('documents', Documents) ?? [],
    setDocuments: (documents: ChainDocument[]) => repo.set('documents', documents),
    preferences: (): Preferences => ({ ...PREFERENCES, ...repo.get('preferences', Preferences) }),
    setPreferences: (preferences: Preferences) => repo.set('preferences', preferences),
    /** Of one person, where several use the core at once. */
    preferencesOf: (staffId: string): Preferences => ({
      ...PREFERENCES,
      ...(repo.get(`preferences:${staffId}`, Preferences) ?? repo.get('preferences', Preferences)),
    }),
    setPreferencesOf: (staffId: string, preferences: Preferences) =>
      repo.set(`preferences:${staffId}`, preferences),
    scanner: () => repo.get('scanner', READABLE.scanner) ?? null,
    setScanner: (setting: z.infer<typeof ScannerSetting>) => repo.set('scanner', setting),
    devices: () => repo.get('devices', READABLE.devices) ?? NO_DEVICES,
    setDevices: (devices: DeviceSettings) => repo.set('devices', devices),
    portMore: () => repo.get('scanner-more', READABLE.portMore) ?? null,
    setPortMore: (more: PortMore) => repo.set('scanner-more', more),
    scanRules: () => repo.get('scan-rules', READABLE.scanRules) ?? NO_RULES,
    setScanRules: (rules: ScanRules) => repo.set('scan-rules', rules),
    session: () => repo.get('session', StoredSession) ?? null,
    setSession: (session: z.infer<typeof StoredSession>) => repo.set('session', session),
    clearSession: () => repo.remove('session'),
    lastSyncAtMs: () => repo.get('last-sync-at', LastSyncAtMs) ?? null,
    setLastSyncAtMs: (atMs: number) => repo.set('last-sync-at', atMs),
    pinFailures: (login: string) => repo.get(`pin-failures:${login}`, PinFailures) ?? { count: 0, upMs: 0 },
    setPinFailures: (login: string, failures: z.infer<typeof PinFailures>) =>
      repo.set(`pin-failures:${login}`, failures),
    clearPinFailures: (login: string) => repo.remove(`pin-failures:${login}`),
  };
}
export type TillSettings = ReturnType<typeof createTillSettings>;
