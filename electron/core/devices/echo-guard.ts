import type { Scan, SeenDevice } from '../../../drivers/types.ts';
import { isSameBody } from './device-id.ts';

/** One reading of a scanner that is bound over two cables arrives twice within this. */
const ECHO_MS = 400;

/** Drops the second copy of a scan that one and the same scanner sends over another of its cables. */
export function createEchoGuard() {
  let last: { device: SeenDevice; text: string; kind: string; atMs: number } | null = null;
  return {
    isEcho: (device: SeenDevice | undefined, { text, kind, atMs }: Scan): boolean => {
      if (device === undefined) return false;
      const before = last;
      last = { device, text, kind, atMs };
      return (
        before !== null &&
        before.device.path !== device.path &&
        before.text === text &&
        before.kind === kind &&
        atMs - before.atMs < ECHO_MS &&
        isSameBody(before.device, device)
      );
    },
  };
}
