import type { DbErrorCode } from '../../errors.ts';
import type { CardScan } from '../repos/card-scan.ts';
import type { ExportAsk, OwnMember, RegisterPageAsk, TotalsAsk } from './register-types.ts';

/** What the thread is asked. `refresh` and `setOwn` may come while it still builds: they wait in it. */
export type RegisterTask =
  | { name: 'build' }
  | { name: 'refresh'; memberIds: readonly string[]; accountNos: readonly number[] }
  | { name: 'setOwn'; members: readonly OwnMember[]; dropped: readonly string[] }
  | { name: 'page'; ask: RegisterPageAsk }
  | { name: 'totals'; ask: TotalsAsk }
  | { name: 'values'; columns: readonly string[]; limit: number }
  /** After `build`. */
  | { name: 'buildCards' }
  | { name: 'cardPage'; scan: CardScan }
  | { name: 'memory' }
  | { name: 'beginExport'; exportId: string; ask: ExportAsk }
  | { name: 'readExport'; exportId: string; rows: number }
  | { name: 'endExport'; exportId: string }
  | { name: 'close' };

/** A task on its way; the answer has the same number. */
export interface RegisterAsk {
  id: number;
  task: RegisterTask;
}

export type RegisterReply =
  | { progress: number }
  | { id: number; value: unknown }
  | { id: number; failed: { code: DbErrorCode | null; message: string } };
