import type { EntryRow } from '../../../sync/model/card.ts';
import { canExpire, rulesOfVersion } from '../../../sync/programmes/card-rules.ts';
import { unitsEnding } from '../../../sync/programmes/lots.ts';
import type { UnitsEnding } from '../../contract/programmes.ts';
import { getLaid } from '../commands/shared.ts';
import type { Handler } from '../ctx.ts';
import { statusOn, unitOf } from '../views/card-view.ts';
import { cardFacts } from '../views/member-view.ts';

/** Lots are only known where every movement is: the account's own count tells, as it does for a run that ends them. */
export const listEnding: Handler<'members.listEnding'> = (ctx, { memberId }) => {
  const laid = getLaid(ctx, memberId);
  const copy = ctx.replica();
  const rows: EntryRow[] = [
    ...laid.people.flatMap((each) => copy.entriesOf(each.memberId, Number.MAX_SAFE_INTEGER)),
    ...[...laid.openEntries.values()].map(({ row }) => row),
  ];
  const types = new Map(ctx.directory.cardTypes().map((type) => [type.cardTypeId, type]));
  const ending: UnitsEnding[] = [];
  let isPartial = false;
  const { businessDay } = cardFacts(ctx);
  for (const card of laid.cards) {
    const { cardId, cardTypeId, accountId } = card;
    const type = types.get(cardTypeId);
    const account = laid.accounts.get(accountId)?.view;
    const isWorking = statusOn(card, () => businessDay) === 'active';
    if (!isWorking || type === undefined || account === undefined) continue;
    if (!canExpire(type) || account.balance <= 0) continue;
    const entries = rows.filter((entry) => entry.accountId === accountId);
    if (entries.length !== account.entryCount) {
      isPartial = true;
      continue;
    }
    const named = { cardId, cardType: type.name, cardTypeZh: type.nameZh, unit: unitOf(type.kind) };
    for (const ends of unitsEnding(entries, (version) => rulesOfVersion(type, version)))
      ending.push({ ...named, ...ends, isOver: ends.endsOn <= businessDay });
  }
  ending.sort((one, other) => (one.endsOn < other.endsOn ? -1 : one.endsOn > other.endsOn ? 1 : 0));
  return { ending, isPartial };
};
