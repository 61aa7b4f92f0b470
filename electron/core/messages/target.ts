import { targetOf, type MessageTarget } from '../../../sync/segments/message-target.ts';
import { AppError } from '../../contract/errors.ts';
import type { Ctx } from '../ctx.ts';

/**
 * What the one id of a request names, by the documents of this till.
 *
 * @param filterVersion Of a saved filter: the version that its author saw; null for a segment.
 * @throws AppError `bad_request`, `document_changed`
 */
export function getTarget(
  { directory }: Pick<Ctx, 'directory'>,
  id: string,
  filterVersion: number | null,
): MessageTarget {
  const segment = directory.documents('segment').find((each) => each.id === id)?.body;
  const saved = directory.documents('filter').find((each) => each.id === id)?.body;
  const target = targetOf({ segment, saved }, filterVersion ?? undefined);
  if (typeof target !== 'string') return target;
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
