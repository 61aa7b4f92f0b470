import { formatPhone, maskPhone } from '../../../sync/base/phone.ts';
import { isRemoved } from '../../../sync/model/extras.ts';
import { getLaid } from '../commands/shared.ts';
import type { Handler } from '../ctx.ts';
import { leftOf, sumLeft } from '../left-balances.ts';
import { seesWhole } from '../sight.ts';
import { cardsOf } from '../views/card-view.ts';
import { cardFacts } from '../views/member-view.ts';

/** Everything that a cashier could still do for her, and what will be free for somebody else. */
export const previewRemoval: Handler<'members.previewRemoval'> = (ctx, { memberId }) => {
  const laid = getLaid(ctx, memberId);
  const { member } = laid;
  const phoneText = seesWhole(ctx, member.memberId) ? formatPhone : maskPhone;
  return {
    isRemoved: isRemoved(member),
    cards: cardsOf(laid, cardFacts(ctx)).map(
      ({ cardNumber, cardType, cardTypeZh, status, balance, isInstalled }) => ({
        ...{ cardNumber, cardType, cardTypeZh, status, isInstalled },
        balance: balance.confirmed + balance.pending,
        unit: balance.unit,
      }),
    ),
    openOps: laid.openOps.length,
    mergedPeople: laid.people.length - 1,
    mobileText: member.mobile === null ? '' : phoneText(member.mobile),
    left: member.state === 'anonymised' ? [] : sumLeft(leftOf(ctx, laid)),
  };
};
