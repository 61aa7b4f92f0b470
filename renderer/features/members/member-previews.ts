import type { CoreClient, Output } from '../../../electron/contract/index.ts';
import { failureOf } from '../../lib/failure.ts';
import { newOpId } from '../../lib/new-op-id.ts';
import type { MemberParts, MemberStoreOptions, Preview } from './member-state.ts';
import { minorOf, type PanelKind } from './panel.ts';

function toReceiptPreview({ booked }: Output<'receipts.previewTakeBack'>): Preview {
  const open = booked.filter(({ problem }) => problem === null);
  const counters = open.map(({ entryOpId }) => ({ entryOpId, opId: newOpId() }));
  return { kind: 'receipt', booked, counters };
}

/** A removal can be taken back, so it books nothing. */
const toLeavePreview =
  (kind: PanelKind) =>
  (removal: Output<'members.previewRemoval'>): Preview => ({
    kind: 'leave',
    removal: kind === 'anonymise' ? removal : { ...removal, left: [] },
  });

/**
 * What an open form would do, asked of the core whenever the form says something else: of several answers only that
 * to the last question counts.
 */
export function createPreviews(
  { core, chain }: Pick<MemberStoreOptions, 'core' | 'chain'>,
  { getState, setState }: MemberParts,
): () => void {
  let latest = 0;
  const ask = (): Promise<Preview> | null => {
    const { panel, shown } = getState();
    if (panel === null || shown.status !== 'shown') return null;
    const { memberId } = shown.member;
    if (panel.kind === 'remove' || panel.kind === 'anonymise')
      return core['members.previewRemoval']({ memberId }).then(toLeavePreview(panel.kind));
    if (panel.kind === 'receipt-back' && panel.receipt !== null) {
      const { receiptId } = panel.receipt;
      return core['receipts.previewTakeBack']({ memberId, receiptId }).then(toReceiptPreview);
    }
    const amountMinor = panel.kind === 'edit-amount' ? minorOf(panel, chain()) : null;
    if (panel.entry === null || amountMinor === null) return null;
    const asked = { memberId, entryOpId: panel.entry.opId, amountMinor };
    return core['purchases.previewEdit'](asked).then((edit) => ({ kind: 'edit', edit }));
  };
  return () => {
    latest += 1;
    const mine = latest;
    const asked = ask();
    if (asked === null) return setState({ preview: null });
    asked
      .catch((cause: unknown): Preview => ({ kind: 'failed', failure: failureOf(cause) }))
      .then((preview) => {
        if (mine === latest) setState({ preview });
      })
      // Nothing of the above throws; a promise must end somewhere.
      .catch(() => undefined);
  };
}

/**
 * Opens what is known of the person, or closes it. Nothing opens while the core does not answer; a second press while
 * it reads takes the first one back.
 */
export function createAboutToggle(core: CoreClient, { getState, setState }: MemberParts): () => void {
  let latest = 0;
  let isReading = false;
  const close = (): void => {
    latest += 1;
    isReading = false;
    setState({ about: { status: 'closed' } });
  };
  const open = async (): Promise<void> => {
    latest += 1;
    const mine = latest;
    isReading = true;
    try {
      const [attributes, groups, stores] = await Promise.all([
        core['attributes.list']({}),
        core['documents.list']({ kind: 'group' }),
        core['documents.list']({ kind: 'store' }),
      ]);
      if (mine !== latest) return;
      isReading = false;
      // Those that are closed for good have no new receipts.
      const openStores = stores.filter(({ body }) => body['isRetired'] !== true);
      setState({ about: { status: 'open', attributes, groups, stores: openStores } });
    } catch {
      if (mine === latest) close();
    }
  };
  return () => (getState().about.status === 'open' || isReading ? close() : void open());
}
