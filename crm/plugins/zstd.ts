import { Transform } from 'node:stream';
import { crc32, createZstdDecompress } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { BODY_SUM_HEADER } from '../../sync/protocol/body-sum.ts';
import { CentreRefusal } from '../refusal.ts';
import { packZstd } from '../zstd-pack.ts';

/** Smaller replies are not worth the work. */
const COMPRESSED_BYTES_MIN = 1_024;

const tooLarge = (): CentreRefusal =>
  new CentreRefusal('bad_request', 'The request is too large. Nothing was changed.', 413);

/** Passes bytes on until there are too many: a few kilobytes can unpack to gigabytes. */
function limitBytes(bytesMax: number): Transform {
  let byteCount = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      byteCount += chunk.length;
      if (byteCount > bytesMax) done(tooLarge());
      else done(null, chunk);
    },
  });
}

/** Requests and replies may be packed with zstd; nobody has to. A route's body limit counts unpacked. */
export function addZstd(app: FastifyInstance): void {
  app.addHook('preParsing', async (request, _reply, payload) => {
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined || encoding === 'identity') return payload;
    if (encoding !== 'zstd') {
      throw new CentreRefusal(
        'bad_request',
        'The request is packed in a way that the centre does not read.',
        415,
      );
    }
    // The framework compares the bytes it reads with the length of what was sent.
    delete request.headers['content-length'];
    const packed = payload.on('error', () => undefined);
    // Nobody reads a body whose type is refused: its failure must not end the process.
    const limited = limitBytes(request.routeOptions.bodyLimit).on('error', () => undefined);
    const unpacked = createZstdDecompress();
    unpacked.on('error', () =>
      limited.destroy(
        new CentreRefusal('bad_request', 'The request is not readable zstd. Nothing was changed.'),
      ),
    );
    return packed.pipe(unpacked).pipe(limited);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const accepted = String(request.headers['accept-encoding'] ?? '');
    if (typeof payload !== 'string' || payload.length < COMPRESSED_BYTES_MIN || !/\bzstd\b/.test(accepted))
      return payload;
    void reply
      .header('content-encoding', 'zstd')
      .header('vary', 'accept-encoding')
      .removeHeader('content-length');
    return packZstd(payload);
  });
  // Of the bytes as they travel: a line that flips one bit of a number must not make another number of it.
  app.addHook('onSend', async (_request, reply, payload) => {
    if (typeof payload === 'string' || Buffer.isBuffer(payload))
      void reply.header(BODY_SUM_HEADER, crc32(payload).toString(16));
    return payload;
  });
}
