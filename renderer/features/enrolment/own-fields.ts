import type { CoreClient } from '../../../electron/contract/index.ts';
import { problemOf } from '../../parts/attribute-problem.ts';
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

type Filled = Pick<EnrolmentForm, 'attributes' | 'custom'>;

/** Fields that this person may fill in: a sensitive one is a supervisor's, who fills it in later. */
export const fieldsFor = ({ attributes }: Pick<Filled, 'attributes'>, isSupervisor: boolean) =>
  attributes.filter(({ isSensitive }) => isSupervisor || !isSensitive);

/** Fields that somebody else filled in and that this person can not save. */
export const heldBack = ({ attributes, custom }: Filled, isSupervisor: boolean): Filled['attributes'] =>
  attributes.filter(
    ({ attributeId, isSensitive }) =>
      isSensitive && !isSupervisor && (custom[attributeId] ?? '').trim() !== '',
  );

/** True when the core would refuse what was typed into one of them. */
export const hasWrongValue = ({ attributes, custom }: Filled): boolean =>
  attributes.some((attribute) => problemOf(attribute, custom[attribute.attributeId] ?? '') !== null);

/** What was filled in of the chain's own fields; nothing at all where nothing was. */
export function extrasOf({ attributes, custom }: Filled): { extras?: { custom: Record<string, string> } } {
  const filled = attributes.flatMap(({ attributeId }) => {
    const text = (custom[attributeId] ?? '').trim();
    return text === '' ? [] : [[attributeId, text] as const];
  });
  return filled.length === 0 ? {} : { extras: { custom: Object.fromEntries(filled) } };
}
