import { once } from 'node:events';
import { request as ask, type IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { ownCertificate } from './own-certificate.ts';

export interface TlsProxy {
  port: number;
  /** Vouches for the proxy's name. */
  cert: string;
  close(): Promise<void>;
}

/** Whom it heard, behind what the asker says of itself: as every such program does. */
const passOn = ({ headers, socket }: IncomingMessage): Record<string, string | string[] | undefined> => ({
  ...headers,
  'x-forwarded-for': [headers['x-forwarded-for'] ?? [], socket.remoteAddress ?? ''].flat().join(', '),
  'x-forwarded-proto': 'https',
});

/**
 * A program in front of a server: makes TLS for `name`, and hands requests and lines on to `port`, coming from the
 * address `from` of this computer.
 */
export async function startTlsProxy(
  name: string,
  { port, from }: { port: number; from: string },
): Promise<TlsProxy> {
  const own = ownCertificate(name);
  const behind = { host: '127.0.0.1', port, localAddress: from };
  const server = createServer(own, (request, response) => {
    const { method, url } = request;
    const handed = ask({ ...behind, method, path: url, headers: passOn(request) }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    handed.on('error', () => response.destroy());
    request.pipe(handed);
  });
  const open = new Set<Duplex>();
  server.on('upgrade', (request, socket, head: Buffer) => {
    const far = connect(behind);
    const lines = Object.entries(passOn(request)).map(([key, value]) => `${key}: ${String(value)}`);
    far.write([`GET ${request.url ?? '/'} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
    far.write(head);
    far.pipe(socket).pipe(far);
    for (const end of [far, socket]) {
      open.add(end);
      end.once('close', () => open.delete(end));
      end.on('error', () => [far, socket].forEach((each) => each.destroy()));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    // Cast: a server on a port has an address.
    port: (server.address() as AddressInfo).port,
    cert: own.cert,
    close: async () => {
      for (const end of open) end.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
