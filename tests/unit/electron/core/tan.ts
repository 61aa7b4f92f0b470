import type { CardId, CardTypeId } from '../../../../sync/base/ids.ts';
import type { MemberView } from '../../../../electron/contract/views.ts';
import { must } from '../../../../sync/base/must.ts';
import type { TestTill } from '../../../parts/till.ts';

/** A member of that name with a card of points. */
export async function addTan(till: TestTill): Promise<{ member: MemberView; cardId: CardId }> {
  const { member, cardId } = await till.client['members.add']({
    ...{ opId: till.opId(), draft: { lastName: 'Tan' }, cardTypeId: 'points' as CardTypeId },
    ...{ cardNumber: null, hasMarketingConsent: false },
  });
  return { member, cardId: must(cardId, 'she has a card') };
}
