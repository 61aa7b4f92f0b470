import type { CoreClient } from '../../../electron/contract/index.ts';
import type { EnrolmentForm, EnrolmentParts } from './enrolment-store.ts';

/** A form without them is no reason to keep somebody waiting: they can be filled in later. */
export async function readAttributes(
  core: CoreClient,
  { getState, setState }: EnrolmentParts,
): Promise<void> {
  const opId = getState().form?.opId;
  const known = await core['attributes.list']({}).catch(() => []);
  const { form } = getState();
  const attributes = known.filter(({ isAtEnrolment, isRetired }) => isAtEnrolment && !isRetired);
  if (form !== null && form.opId === opId) setState({ form: { ...form, attributes } });
}

/** What was filled in of the chain's own fields; nothing at all where nothing was. */
export function extrasOf({ custom }: EnrolmentForm): { extras?: { custom: Record<string, string> } } {
  const filled = Object.entries(custom).flatMap(([id, text]) =>
    text.trim() === '' ? [] : [[id, text.trim()] as const],
  );
  return filled.length === 0 ? {} : { extras: { custom: Object.fromEntries(filled) } };
}
