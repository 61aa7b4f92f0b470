import { newId, type OpId } from '../../sync/base/ids.ts';

/** Made once per intent, before the first try; the same intent is sent again with the same id. */
export const newOpId = (): OpId => newId<OpId>();
