import type { SavedFilter } from '../../../sync/model/register.ts';
import type { Segment } from '../../../sync/model/segment.ts';
import { AppError } from '../../contract/errors.ts';
import type { Ctx } from '../ctx.ts';

/** Whom a message to many is for: a segment, or a saved filter of the list of members. */
export type Target =
  | { readonly kind: 'segment'; readonly segment: Segment }
  | { readonly kind: 'filter'; readonly saved: SavedFilter };

/** What the one id of a request names. @throws AppError `bad_request` */
export function getTarget({ directory }: Pick<Ctx, 'directory'>, id: string): Target {
  const segment = directory.documents('segment').find((each) => each.id === id)?.body;
  if (segment !== undefined) return { kind: 'segment', segment };
  const saved = directory.documents('filter').find((each) => each.id === id)?.body;
  if (saved !== undefined) return { kind: 'filter', saved };
  throw new AppError(
    'bad_request',
    'There is no such segment or saved filter any more. Nothing was sent; choose another.',
  );
}
