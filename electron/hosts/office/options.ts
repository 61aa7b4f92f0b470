import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { listProxies } from './addresses.ts';

const DEFAULT_PORT = 4890;
const DEFAULT_IDLE_MINUTES = 15;
const IDLE_MINUTES_MAX = 12 * 60;

export const USAGE = `usage: npm run office [-- OPTIONS]
  --data DIR           the office's folder; without it one beside the demo shop
  --server URL         the centre, and
  --code CODE          a manager's code for an office (enrol-code --kind office): needed once
  --name NAME          what the centre calls it
  --port N             ${DEFAULT_PORT}; 0 for any that is free
  --host ADDRESS       127.0.0.1; any other needs --origin, and --cert and --key or --proxy
  --origin URL         the address that people type, as in https://office.example.com
  --cert FILE --key FILE   TLS, in PEM
  --proxy ADDRESSES    a program in front makes TLS and says the asker's address in X-Forwarded-For; nobody but these
                       addresses is answered, as in 127.0.0.1,10.1.0.0/16
  --idle-minutes N     ${DEFAULT_IDLE_MINUTES}: so long without a key, and a person is signed out
`;

/** A command line that says nothing sensible. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface OfficeOptions {
  dataDir: string | null;
  /** Null: nothing is enrolled. */
  enrolment: { serverUrl: string; code: string } | null;
  name: string;
  port: number;
  host: string;
  /** Null: the address that it listens on. */
  origin: string | null;
  tls: { cert: Buffer; key: Buffer } | null;
  /** Where programs in front come from, the only ones that are answered; none: there is no such program. */
  proxies: readonly string[];
  idleMs: number;
}

const OPTIONS = {
  data: { type: 'string' },
  server: { type: 'string' },
  code: { type: 'string' },
  name: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  origin: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
  proxy: { type: 'string' },
  'idle-minutes': { type: 'string' },
  help: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof readValues>;

function readValues(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, strict: true }).values;
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause));
  }
}

function toCount(text: string | undefined, range: { name: string; usual: number; max: number }): number {
  if (text === undefined) return range.usual;
  const count = Number(text);
  if (/^\d+$/.test(text) && count <= range.max) return count;
  throw new UsageError(`--${range.name} is a whole number up to ${range.max}`);
}

/** An address without a path: scheme, host and port. */
function toOrigin(text: string | undefined): string | null {
  if (text === undefined) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '')
    return url.origin;
  throw new UsageError('--origin is an address without a path, as in https://office.example.com');
}

function readTls({ cert, key }: Values): OfficeOptions['tls'] {
  if (cert === undefined && key === undefined) return null;
  if (cert === undefined || key === undefined) throw new UsageError('--cert and --key go together');
  try {
    return { cert: readFileSync(cert), key: readFileSync(key) };
  } catch (cause) {
    throw new UsageError(`--cert or --key: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

function toProxies(text: string | undefined): string[] {
  const proxies = (text ?? '').split(',').filter((part) => part !== '');
  if (text === undefined || (proxies.length > 0 && listProxies(proxies) !== null)) return proxies;
  throw new UsageError('--proxy is where the program in front comes from, as in 127.0.0.1 or 10.1.0.0/16');
}

function assertSafe({ host, origin, tls, proxies }: OfficeOptions): void {
  const isBehindProxy = proxies.length > 0;
  if (isBehindProxy && origin === null) throw new UsageError('--proxy needs --origin: what people type');
  if (isBehindProxy && tls !== null) throw new UsageError('--proxy and --cert: one of them makes TLS');
  if (tls !== null && origin?.startsWith('http:') === true)
    throw new UsageError('--origin begins with https where there is --cert');
  if (isLoopback(host)) return;
  if (origin === null) throw new UsageError('--host needs --origin, or any name would do');
  if (tls !== null || (isBehindProxy && origin.startsWith('https:'))) return;
  throw new UsageError(
    `PINs and members would cross the network in the clear on ${host}. ` +
      'Add --cert and --key, or --proxy with an https --origin where a program in front makes TLS.',
  );
}

function toEnrolment({ server, code }: Values): OfficeOptions['enrolment'] {
  if (server === undefined && code === undefined) return null;
  if (server === undefined || code === undefined) throw new UsageError('--server and --code go together');
  return { serverUrl: server, code };
}

/** @throws UsageError */
export function readOptions(words: readonly string[]): OfficeOptions {
  const values = readValues(words);
  if (values.help === true) throw new UsageError('The office of a chain, in a browser.');
  const idle = { name: 'idle-minutes', usual: DEFAULT_IDLE_MINUTES, max: IDLE_MINUTES_MAX };
  const options: OfficeOptions = {
    dataDir: values.data === undefined ? null : resolve(values.data),
    enrolment: toEnrolment(values),
    name: values.name ?? 'Office',
    port: toCount(values.port, { name: 'port', usual: DEFAULT_PORT, max: 65_535 }),
    host: values.host ?? '127.0.0.1',
    origin: toOrigin(values.origin),
    tls: readTls(values),
    proxies: toProxies(values.proxy),
    idleMs: Math.max(1, toCount(values['idle-minutes'], idle)) * 60_000,
  };
  assertSafe(options);
  return options;
}
