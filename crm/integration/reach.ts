import { lookup as resolve, type LookupAddress } from 'node:dns';
import { request as requestPlain, type IncomingMessage } from 'node:http';
import { request as requestTls } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Addresses inside a house, of one machine, of no machine: what the internet never routes to. */
const INNER_V4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
];
/** Among them every notation that carries an IPv4 address inside: mapped, compatible, translated, 6to4, Teredo. */
const INNER_V6 = [
  ...['::/96', '::ffff:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32'],
  ...['2002::/16', '3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
];

interface Ranges {
  has(address: string): boolean;
}

/** A list for each kind: a common one takes every IPv4 address for one inside `::ffff:0:0/96`. */
function listOf(ranges: readonly string[]): Ranges {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const range of ranges) {
    const [net = '', bits = ''] = range.split('/');
    const kind = isIP(net);
    const prefix = bits === '' ? (kind === 4 ? 32 : 128) : Number(bits);
    if (kind === 0 || !Number.isInteger(prefix)) throw new Error(`no range of addresses: ${range}`);
    const family = kind === 4 ? 'ipv4' : 'ipv6';
    lists[family].addSubnet(net, prefix, family);
  }
  const has = (address: string): boolean => {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    return lists[family].check(address, family);
  };
  return { has };
}
const inner = listOf([...INNER_V4, ...INNER_V6]);

/** Which addresses this centre may call. */
export interface Reach {
  /** True for what the operator has named, inner addresses included. */
  isNamed(address: string): boolean;
  /** True for those, and for every address of the internet. */
  isAllowed(address: string): boolean;
}

/** @param ranges `10.1.0.0/16,::1`: addresses inside the house that may be called too. @throws For no such text. */
export function createReach(ranges: string): Reach {
  const named = listOf(
    ranges
      .split(',')
      .map((range) => range.trim())
      .filter((range) => range !== ''),
  );
  const isNamed = (address: string): boolean => isIP(address) !== 0 && named.has(address);
  return {
    isNamed,
    isAllowed: (address) => isNamed(address) || (isIP(address) !== 0 && !inner.has(address)),
  };
}

/** Why a call came to nothing, in a word: nothing of the address or the answer is in it. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';
  readonly reason: string;
  /** False when nothing of the body has left; true when the receiver may have heard it all. */
  readonly mayBeHeard: boolean;
  constructor(reason: string, mayBeHeard = false) {
    super(`the call failed: ${reason}`);
    this.reason = reason;
    this.mayBeHeard = mayBeHeard;
  }
}

const bareHost = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/**
 * The address as it may be called: https, or http to what the operator has named; no user, no fragment.
 *
 * @returns Null for any other. A name is looked at only when it is called.
 */
export function readCallUrl(text: string, reach: Reach): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const isWell = url.username === '' && url.password === '' && url.hash === '' && url.hostname !== '';
  if (!isWell || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  const host = bareHost(url);
  if (isIP(host) !== 0)
    return reach.isAllowed(host) && (url.protocol === 'https:' || reach.isNamed(host)) ? url : null;
  return url;
}

/** Connects to an address only that was looked at: what a name means may change between a look and a call. */
const guarded =
  (reach: Reach, isPlain: boolean): LookupFunction =>
  (host, options, done) =>
    resolve(host, { ...options, all: true }, (cause, found: LookupAddress[]) => {
      if (cause !== null) return done(new CallFailure('name_unknown'), []);
      const isFit = isPlain ? reach.isNamed : reach.isAllowed;
      // One bad address spoils the name: whoever mixes them in wants to be called there.
      if (found.length === 0 || !found.every(({ address }) => isFit(address)))
        return done(new CallFailure('address_refused'), []);
      if (options.all === true) return done(null, found);
      const [first] = found;
      return done(null, first?.address ?? '', first?.family);
    });

export interface Call {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  timeoutMs: number;
  signal?: AbortSignal;
}

/** Read and thrown away; a receiver that talks on and on is hung up on. */
const ANSWER_BYTES_MAX = 64 * 1024;

function drain(answer: IncomingMessage): void {
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) answer.destroy();
  });
  answer.on('error', () => undefined);
}

/**
 * Posts once; follows no redirect, keeps no connection.
 *
 * @returns The status of the answer; its text is thrown away.
 * @throws CallFailure When there was no answer. Whether the receiver has heard is not known then.
 */
export function postOnce(
  reach: Reach,
  { url: text, headers, body, timeoutMs, signal }: Call,
): Promise<number> {
  const url = readCallUrl(text, reach);
  if (url === null) return Promise.reject(new CallFailure('address_refused'));
  const isPlain = url.protocol === 'http:';
  return new Promise((settle, fail) => {
    const request = (isPlain ? requestPlain : requestTls)(url, {
      method: 'POST',
      agent: false,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      lookup: guarded(reach, isPlain),
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]),
    });
    let isSent = false;
    request.on('finish', () => (isSent = true));
    request.on('response', (answer) => {
      drain(answer);
      settle(answer.statusCode ?? 0);
    });
    // Without a listener of its own such an answer would be the last that is heard of the request.
    request.on('upgrade', (_, socket) => {
      socket.destroy();
      fail(new CallFailure('status_101', true));
    });
    request.on('close', () => fail(new CallFailure('no_answer', isSent)));
    request.on('error', (cause: NodeJS.ErrnoException) => {
      if (cause instanceof CallFailure) return fail(cause);
      const isLate = cause.name === 'TimeoutError' || cause.name === 'AbortError';
      return fail(new CallFailure(isLate ? 'no_answer' : 'no_connection', isSent));
    });
    request.end(body);
  });
}
