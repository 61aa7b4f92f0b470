import type { IncomingMessage } from 'node:http';

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

/** Who asks: behind a proxy the last name in its list, which the proxy itself has written. */
export function addressOf({ headers, socket }: IncomingMessage, isBehindProxy: boolean): string {
  const named = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').at(-1)?.trim();
  return (isBehindProxy ? named : undefined) || socket.remoteAddress || '';
}
