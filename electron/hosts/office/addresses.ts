import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

export interface AddressParts {
  host: string;
  port: number;
  hasTls: boolean;
  /** What people type; null: the address that it listens on. */
  origin: string | null;
}

/** Origins of our own page by the `Host` that a browser names them with. Any other name is somebody else's trick. */
export function listOrigins({ host, port, hasTls, origin }: AddressParts): ReadonlyMap<string, string> {
  const scheme = hasTls ? 'https' : 'http';
  const names = host === 'localhost' || host === '127.0.0.1' ? ['127.0.0.1', 'localhost'] : [host];
  const own = names.map((name) => `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}`);
  const origins = origin === null ? own : [origin];
  return new Map(origins.map((each) => [new URL(each).host, new URL(each).origin]));
}

/** True for an address of the programs in front. */
export type IsProxy = (address: string) => boolean;

/** An IPv4 address that comes over a socket of both kinds is written as one of the other kind. */
const plain = (address: string): string => address.replace(/^::ffff:(?=[\d.]+$)/i, '');

/** @returns Null when one of them is neither an address nor a network. */
export function listProxies(proxies: readonly string[]): IsProxy | null {
  const known = new BlockList();
  for (const proxy of proxies) {
    const [address = '', bits, ...rest] = proxy.split('/');
    const kind = isIP(address);
    const most = kind === 4 ? 32 : 128;
    const length = bits === undefined ? most : Number(bits);
    if (kind === 0 || rest.length > 0 || !/^\d*$/.test(bits ?? '') || bits === '' || length > most)
      return null;
    known.addSubnet(address, length, kind === 4 ? 'ipv4' : 'ipv6');
  }
  return (asked) => {
    const address = plain(asked);
    const kind = isIP(address);
    return kind !== 0 && known.check(address, kind === 4 ? 'ipv4' : 'ipv6');
  };
}

/**
 * Who asks. Behind proxies the last name of their list that is none of theirs: each writes down whom it heard, and what
 * stands before that was the asker's own word.
 *
 * @param isProxy null: nobody is in front, and nobody's list counts
 * @returns null for who comes past the proxies
 */
export function addressOf({ headers, socket }: IncomingMessage, isProxy: IsProxy | null): string | null {
  const near = plain(socket.remoteAddress ?? '');
  if (isProxy === null) return near;
  if (!isProxy(near)) return null;
  const named = [headers['x-forwarded-for'] ?? []]
    .flat()
    .join(',')
    .split(',')
    .map((name) => plain(name.trim()));
  return named.findLast((name) => isIP(name) !== 0 && !isProxy(name)) ?? near;
}
