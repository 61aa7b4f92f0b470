import type { ExportColumn } from '../../../db/replica/register/register-types.ts';
import { CSV_START } from '../../../sync/base/csv.ts';
import { CUSTOM_PREFIX } from '../../../sync/model/register.ts';
import type { ExportFacts } from '../../../sync/model/export.ts';
import { AppError } from '../../contract/errors.ts';
import type { Session } from '../../contract/till.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { recordExport } from '../export-record.ts';
import { deskOf, kindsNow, readChoice } from '../register/desk.ts';
import { namedValues } from '../queries/directory-set-up.ts';
import { withinOf } from '../queries/segments.ts';

/** Some 600 kB of text: far below what a message may hold, and ten milliseconds of the thread. */
const ROWS_PER_READ = 2_500;

/** Headers of the import's template where it has the column, so that a file can come back. */
const COLUMNS: readonly (readonly [id: ExportColumn['id'], header: string])[] = [
  ['memberId', 'member_id'],
  ['supportId', 'support_id'],
  ['fullName', 'full_name'],
  ['lastName', 'last_name'],
  ['firstName', 'first_name'],
  ['prefix', 'prefix'],
  ['gender', 'gender'],
  ['dateOfBirth', 'date_of_birth'],
  ['mobile', 'mobile_number'],
  ['phone', 'phone_number'],
  ['email', 'email'],
  ['lookupId', 'lookup_id'],
  ['street1', 'address_street_1'],
  ['street2', 'address_street_2'],
  ['postalCode', 'address_postal_code'],
  ['city', 'address_city'],
  ['region', 'address_state'],
  ['country', 'address_country'],
  ['notes', 'notes'],
  ['customerType', 'customer_type'],
  ['tier', 'membership_tier'],
  ['tierUntil', 'membership_expire_date'],
  ['groups', 'customer_group_names'],
  ['tags', 'tags'],
  ['verified', 'verified'],
  ['consent', 'marketing_materials_consent'],
  ['state', 'state'],
  ['cards', 'cards'],
  ['transactions', 'transactions'],
  ['store', 'home_store'],
  ['createdAt', 'created_at'],
  ['lastActivity', 'last_activity'],
];
/** Built-in attributes that the template has a column for. */
const ATTRIBUTE_HEADERS: Record<string, string> = {
  fax: 'fax_number',
  identifierType: 'identifier_type',
  identifierValue: 'identifier_value',
  accountAllowed: 'allow_account_transactions',
};

function columnsOf(ctx: Ctx): ExportColumn[] {
  const named: Record<string, { value: string; name: string }[]> = {
    ...namedValues(ctx),
    consent: [
      { value: 'yes', name: 'TRUE' },
      { value: 'no', name: 'FALSE' },
    ],
  };
  // '': the value is its own name.
  const namesOf = (id: string): Record<string, string> =>
    Object.fromEntries((named[id] ?? []).map(({ value, name }) => [value, name || value]));
  const custom = ctx.directory
    .attributes()
    .filter(({ isRetired }) => !isRetired)
    .map(({ attributeId, name }) => ({
      id: `${CUSTOM_PREFIX}${attributeId}`,
      header: ATTRIBUTE_HEADERS[attributeId] ?? name,
      isMasked: ctx.directory.isGuarded(attributeId) && attributeId !== 'accountAllowed',
      names: {},
    }));
  return [...COLUMNS.map(([id, header]) => ({ id, header, isMasked: false, names: namesOf(id) })), ...custom];
}

/** Who may read on with a file: whoever began it. */
interface OpenExport {
  /** Due before the first piece; '' once it is out. */
  start: string;
  session: Session;
  facts: ExportFacts;
  rowsRead: number;
  rows: number;
}
const owners = new WeakMap<Ctx['register'], Map<string, OpenExport>>();
function openExports({ register }: Ctx) {
  const known = owners.get(register);
  if (known !== undefined) return known;
  const fresh = new Map<string, OpenExport>();
  owners.set(register, fresh);
  return fresh;
}

function exportOf(ctx: Ctx, exportId: string) {
  const { session } = deskOf(ctx, 'manager');
  const open = openExports(ctx).get(exportId);
  if (open?.session.person.staffId !== session.person.staffId)
    throw new AppError('not_found', 'This export is over. Nothing was changed; begin it again.');
  return open;
}

export const beginExport: Handler<'directory.beginExport'> = async (
  ctx,
  { purpose, reason, memberIds, hasBom, within, ...asked },
) => {
  const { session } = deskOf(ctx, 'manager');
  const thread = await ctx.register.whole();
  const exportId = ctx.newId<string>();
  const nowMs = ctx.clock.nowMs();
  const rows = await thread.beginExport(exportId, {
    ...readChoice(ctx, asked),
    within: await withinOf(ctx, within),
    memberIds,
    withConsentOnly: purpose === 'marketing',
    columns: columnsOf(ctx),
    kinds: kindsNow(ctx),
    timeZone: ctx.directory.store(ctx.settings.enrolment()?.storeId ?? '')?.timeZone ?? 'UTC',
    nowMs,
  });
  const { staffId } = session.person;
  const what = memberIds === null ? 'members' : 'chosen';
  const facts: ExportFacts = { ...{ exportId, what, purpose, reason, of: '', rows }, stage: 'begun' };
  try {
    recordExport(ctx, session, facts);
  } catch (cause) {
    await ctx.register.ready()?.endExport(exportId);
    throw cause;
  }
  openExports(ctx).set(exportId, { start: hasBom ? CSV_START : '', session, facts, rowsRead: 0, rows });
  ctx.log.info(
    { audit: `export.${what}`, actorId: staffId, purpose, rows },
    'data of members go out as a file',
  );
  return { exportId, fileName: `members-${new Date(nowMs).toISOString().slice(0, 10)}.csv`, rows };
};

export const readExport: Handler<'directory.readExport'> = async (ctx, { exportId }) => {
  const open = exportOf(ctx, exportId);
  const thread = await ctx.register.whole();
  const bytes = await thread.readExport(exportId, ROWS_PER_READ);
  open.rowsRead = Math.min(open.rows, open.rowsRead + ROWS_PER_READ);
  const text = open.start + new TextDecoder().decode(bytes);
  open.start = '';
  return { text, rowsRead: open.rowsRead };
};

export const endExport: Handler<'directory.endExport'> = async (ctx, { exportId }) => {
  const { session, facts, rowsRead, rows } = exportOf(ctx, exportId);
  openExports(ctx).delete(exportId);
  try {
    recordExport(ctx, session, { ...facts, rows: rowsRead, stage: rowsRead < rows ? 'cut' : 'whole' });
  } finally {
    await ctx.register.ready()?.endExport(exportId);
  }
  return {};
};
