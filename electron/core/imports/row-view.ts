import type { StagedRow } from '../../../db/imports/types.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import { readExtras } from '../../../sync/model/extras.ts';
import type { MemberFields } from '../../../sync/model/member.ts';
import { ImportReason } from '../../contract/import-reasons.ts';
import type { ImportRow } from '../../contract/imports.ts';
import type { Ctx } from '../ctx.ts';
import { planRow, type Change, type PlanRules, type RowPlan } from './plan.ts';
import type { Given } from './reading/row-reader.ts';
import type { Former } from './row-ops.ts';

type FieldChange = ImportRow['changes'][number];

/** Both in words that need no translation; the page names the field. */
const textOf = (value: string | number | boolean | null | undefined): string => String(value ?? '');

function changesOf(change: Change, plan: Pick<RowPlan, 'laid'>): FieldChange[] {
  const member = plan.laid?.member;
  const extras = readExtras(member?.extras ?? '');
  const fields = Object.entries(change.fields).map(([field, after]) => ({
    field,
    before: textOf(member?.[field as keyof MemberFields]),
    after: textOf(after),
  }));
  const added = (field: string, words: readonly string[], before: readonly string[]): FieldChange[] =>
    words.length === 0 ? [] : [{ field, before: before.join(', '), after: [...before, ...words].join(', ') }];
  const custom = Object.entries(change.custom).map(([field, after]) => ({
    field,
    before: textOf(extras.custom[field]),
    after: textOf(after),
  }));
  const marketing =
    change.marketing === null
      ? []
      : [
          {
            field: 'marketing',
            before: textOf(member?.hasMarketingConsent),
            after: textOf(change.marketing),
          },
        ];
  const cards = change.cards.map(({ type, units }) => ({
    field: type.kind,
    before: '',
    after: textOf(units),
  }));
  return [
    ...fields,
    ...added('tags', change.tags, extras.tags),
    ...added('groups', change.groups, extras.groups),
    ...[...custom, ...marketing, ...cards],
  ].filter(({ before, after }) => before !== after);
}

const doneChanges = ({ fields, set }: Former): FieldChange[] =>
  Object.entries(set).map(([field, after]) => ({
    field,
    before: textOf(fields[field as keyof MemberFields]),
    after: textOf(after),
  }));

function nameOf(ctx: Ctx, { memberId, given, cells }: StagedRow): string {
  if (given !== '') {
    const { fields } = JSON.parse(given) as Given;
    const name = [fields.lastName, fields.firstName].filter(Boolean).join(' ');
    if (name !== '') return name;
  }
  const member = memberId === '' ? undefined : ctx.overlay.lay(memberId as MemberId)?.member;
  if (member !== undefined) return [member.lastName, member.firstName].filter(Boolean).join(' ');
  return cells === '' ? '' : ((JSON.parse(cells) as string[])[0] ?? '').slice(0, 80);
}

/** A row as a person reads it: what it would do as things stand now, or what it did. */
export function toRowView(ctx: Ctx, row: StagedRow, rules: PlanRules): ImportRow {
  const isOpen = row.status === 'checked' || row.status === 'waiting';
  const isPlanned = isOpen && row.given !== '' && (row.action === 'create' || row.action === 'update');
  const plan = isPlanned ? planRow(ctx, JSON.parse(row.given) as Given, rules) : null;
  const done = row.former === '' ? [] : doneChanges(JSON.parse(row.former) as Former);
  return {
    rowNo: row.rowNo,
    action: row.action,
    status: row.status,
    codes: row.codes === '' ? [] : row.codes.split(' ').map((code) => ImportReason.parse(code)),
    name: nameOf(ctx, row),
    memberId: row.memberId === '' ? null : (row.memberId as MemberId),
    changes: plan === null ? done : changesOf(plan.change, plan),
  };
}
