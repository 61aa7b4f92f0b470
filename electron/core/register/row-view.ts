import { formatPhone } from '../../../sync/base/phone.ts';
import { maskCustom } from '../../../sync/model/attributes.ts';
import { type Extras, readExtras, verifiedWords } from '../../../sync/model/extras.ts';
import { isPersonal, type PersonalField } from '../../../sync/model/personal.ts';
import { type BuiltInColumn, CUSTOM_PREFIX, isBuiltIn } from '../../../sync/model/register.ts';
import { wordTags } from '../../../sync/model/segment.ts';
import type { DirectoryCell, DirectoryRow } from '../../contract/directory.ts';
import type { Ctx } from '../ctx.ts';
import type { Laid } from '../overlay.ts';
import { maskPersonal } from '../views/masks.ts';
import { nameOf } from '../views/member-view.ts';

interface Shown {
  laid: Laid;
  extras: Extras;
  /** Sees what is personal whole. */
  isManager: boolean;
}

const textCell = (text: string | null): DirectoryCell => (text === '' ? null : text);

/** What is personal: masked for everybody but a manager, as on the member's page. */
function personalCell({ laid, isManager }: Shown, field: PersonalField): DirectoryCell {
  const value = laid.member[field] ?? '';
  if (value === '') return null;
  if (!isManager) return maskPersonal(field, value);
  return field === 'mobile' || field === 'phone' ? formatPhone(value) : value;
}
const accountsOf = ({ laid }: Shown) => [...laid.accounts.values()].map(({ view }) => view);

function lastActivityOf(shown: Shown): number | null {
  const last = Math.max(0, ...accountsOf(shown).map(({ lastEntryAtMs }) => lastEntryAtMs));
  return last === 0 ? null : last;
}

function cardTypesOf({ laid }: Shown): string[] {
  const active = laid.cards.filter(({ status }) => status === 'active');
  return [...new Set(active.map(({ cardTypeId }) => cardTypeId))].sort();
}

/** Columns that are not a field of the member's row, or are shown otherwise than they are kept. */
const CELLS: Partial<Record<BuiltInColumn, (shown: Shown) => DirectoryCell>> = {
  name: ({ laid }) => nameOf(laid.member),
  createdAt: ({ laid }) => laid.member.createdAtMs,
  lastActivity: lastActivityOf,
  groups: ({ extras }) => [...extras.groups],
  tags: ({ extras }) => [...wordTags(extras.tags)],
  verified: ({ extras }) => [...verifiedWords(extras.verified)],
  cards: cardTypesOf,
  store: ({ laid }) => laid.member.storeId,
  // Whoever withdrew as one of two profiles did not ask for mail as the other.
  consent: ({ laid }) => (laid.people.every((each) => each.hasMarketingConsent) ? 'yes' : 'no'),
  transactions: (shown) => accountsOf(shown).reduce((sum, { entryCount }) => sum + entryCount, 0),
};

type PlainColumn = Exclude<
  BuiltInColumn,
  'name' | 'createdAt' | 'lastActivity' | 'groups' | 'tags' | 'verified' | 'cards'
> &
  keyof Laid['member'];

function cellOf(ctx: Ctx, shown: Shown, column: string): DirectoryCell {
  if (isPersonal(column)) return personalCell(shown, column);
  if (isBuiltIn(column)) {
    const special = CELLS[column];
    // Cast: every column that is not in `CELLS` is a field of the row, and a text.
    return special === undefined ? textCell(shown.laid.member[column as PlainColumn]) : special(shown);
  }
  const id = column.slice(CUSTOM_PREFIX.length);
  const value = shown.extras.custom[id];
  if (value === undefined) return null;
  return ctx.directory.isGuarded(id) ? maskCustom(value) : value;
}

export function toDirectoryRow(
  ctx: Ctx,
  laid: Laid,
  { columns, isManager }: { columns: readonly string[]; isManager: boolean },
): DirectoryRow {
  const shown: Shown = { laid, extras: readExtras(laid.member.extras), isManager };
  return {
    memberId: laid.member.memberId,
    cells: Object.fromEntries(columns.map((column) => [column, cellOf(ctx, shown, column)])),
    isPending: laid.confirmed === undefined,
  };
}
