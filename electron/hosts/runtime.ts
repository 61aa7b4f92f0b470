import { AppError } from '../contract/errors.ts';
import packageJson from '../../package.json' with { type: 'json' };

/** N-API that the SQLite binding needs; with less it crashes the process without a word. */
const NAPI_MIN = 10;

export const VERSION: string = packageJson.version;

/** @throws AppError `update_needed` where this Node or Electron can not load the SQLite binding. */
export function assertRuntime(napi: string | undefined = process.versions['napi']): void {
  if (Number(napi) >= NAPI_MIN) return;
  throw new AppError(
    'update_needed',
    `This runtime (Node ${process.versions.node}, N-API ${napi ?? 'none'}) is too old ` +
      `for the till's files: they need N-API ${NAPI_MIN}. Nothing was touched. Run it with Node 24 or a newer Electron.`,
  );
}
