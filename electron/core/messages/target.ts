import { targetOf, type MessageTarget } from '../../../sync/segments/message-target.ts';
import { AppError } from '../../contract/errors.ts';
import type { Ctx } from '../ctx.ts';

/**
 * What the one id of a request names, by the documents of this till. Of a saved filter only what the centre has: the
 * number of a version that waits here may become that of somebody else's.
 *
 * @param filterVersion Of a saved filter: the version that its author saw; null for a segment.
 * @throws AppError `bad_request`, `document_changed`, `filter_waits`
 */
export function getTarget(
  { directory }: Pick<Ctx, 'directory'>,
  id: string,
  filterVersion: number | null,
): MessageTarget {
  const segment = directory.documents('segment').find((each) => each.id === id)?.body;
  const filter = directory.documents('filter').find((each) => each.id === id);
  const target = targetOf({ segment, saved: filter?.body }, filterVersion ?? undefined);
  if (typeof target !== 'string') {
    if (target.kind === 'filter' && filter?.isPending === true)
      throw new AppError(
        'filter_waits',
        'The centre does not have this version of the saved filter yet. Nothing was sent; wait until it is there.',
      );
    return target;
  }
  if (target === 'filter_changed')
    throw new AppError(
      'document_changed',
      'Somebody saved this filter anew meanwhile. Nothing was sent; look who is meant now.',
    );
  const why =
    target === 'filter_empty'
      ? 'This saved filter asks nothing, so it would be everybody. Nothing was sent; choose another.'
      : 'There is no such segment or saved filter any more. Nothing was sent; choose another.';
  throw new AppError('bad_request', why);
}
