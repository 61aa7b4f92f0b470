import { must } from '../../../sync/base/must.ts';
import type { Connection } from '../../open.ts';

/** The last rows that a bulk fill brought. Numbers and mobiles up to there have indexes of their own. */
export interface BulkRows {
  members: number;
  cards: number;
}

/** Never changes while a file is in use. */
export function readBulkRows(raw: Connection): BulkRows {
  const rows = raw.prepare<[], BulkRows>('SELECT members, cards FROM bulk_rows WHERE id = 1');
  return must(rows.get(), 'the fill has its row');
}
