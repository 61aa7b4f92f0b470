import type { Crypto } from '../../sync/base/crypto.ts';
import type { MemberId, StaffId } from '../../sync/base/ids.ts';
import type { CardType } from '../../sync/model/chain.ts';
import { documentKey } from '../../sync/merge/rows.ts';
import { leftBy, settlingOf, type LeftRule } from '../../sync/programmes/left-balance.ts';
import { CentreRefusal } from '../refusal.ts';
import type { Unit } from '../unit.ts';
import { keysOf } from '../working-set.ts';
import { writeOwnOp } from './centre-node.ts';

const refuse = (message: string): CentreRefusal => new CentreRefusal('bad_request', message, 409);

async function ruleIn({ store, around }: Unit): Promise<LeftRule | undefined> {
  around.rows.add(await store.loadRows({ ...keysOf([]), documents: [documentKey('chain', 'chain')] }));
  const chain = around.rows.document('chain', 'chain');
  return chain?.kind === 'chain' ? chain.body.leftBalance : undefined;
}

async function typesIn({ store, around }: Unit): Promise<Map<string, CardType>> {
  around.rows.addDocuments(await store.listCardTypes());
  const types = around.rows.documentsOf('card-type');
  return new Map(types.flatMap(({ kind, id, body }) => (kind === 'card-type' ? [[id, body]] : [])));
}

/**
 * Books what the chain's rule makes of the balances of somebody who is erased next, in the same unit and of the same
 * two people. The head is held: nothing is booked on them meanwhile.
 *
 * @throws CentreRefusal Where money is to be handed over: nobody at the centre has a drawer.
 */
export async function settleLeft(
  unit: Unit,
  crypto: Crypto,
  by: { memberId: MemberId; managerId: StaffId; secondId: StaffId },
): Promise<void> {
  const rule = await ruleIn(unit);
  if (rule === undefined) return;
  const types = await typesIn(unit);
  const { accounts, cards } = await unit.store.readPerson(by.memberId);
  const typeOf = ({ cardTypeId }: { cardTypeId: string }): CardType => {
    const type = types.get(cardTypeId);
    if (type !== undefined) return type;
    throw refuse(
      `There is no card type ${cardTypeId}, so what is left can not be booked. Nothing was changed.`,
    );
  };
  const left = leftBy(rule, { accounts, cards, typeOf });
  if (left.some(({ how }) => how === 'paid_out'))
    throw refuse(
      'This member has credit left that is to be paid out. Nothing was changed. Anonymise her at a till, on her own ' +
        'page: there it is handed over and booked.',
    );
  for (const each of left) {
    const body = settlingOf(each, by.secondId);
    const { held } = await writeOwnOp(unit, crypto, { body, actorId: by.managerId });
    if (held !== null)
      throw refuse(`What is left on her cards can not be booked (${held}). Nothing was changed.`);
  }
}
