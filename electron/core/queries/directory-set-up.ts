import { REGISTER_COLUMNS } from '../../../sync/model/register.ts';
import { DirectoryLayout, type DirectoryValue } from '../../contract/directory.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { deskOf } from '../register/desk.ts';

const VALUES_MAX = 500;
const CHOICE_COLUMNS = Object.entries(REGISTER_COLUMNS)
  .filter(([, kind]) => kind === 'choice' || kind === 'choices')
  .map(([id]) => id);
const FIRST_LAYOUT: DirectoryLayout = {
  columns: ['name', 'mobile', 'tier', 'state', 'cards', 'lastActivity', 'createdAt'],
  sort: { column: 'name', direction: 'up' },
};
const keyOf = (staffId: string): string => `directory-layout:${staffId}`.slice(0, 80);

type Named = Pick<DirectoryValue, 'value' | 'name' | 'nameZh'>;

/** What the chain's documents call the values of a column. */
export function namedValues({ directory }: Ctx): Record<string, Named[]> {
  return {
    store: directory
      .documents('store')
      .map(({ body }) => ({ value: body.storeId, name: body.name, nameZh: '' })),
    cards: directory.cardTypes().map(({ cardTypeId, name, nameZh }) => ({ value: cardTypeId, name, nameZh })),
    groups: directory
      .documents('group')
      .map(({ body }) => ({ value: body.groupId, name: body.name, nameZh: body.nameZh })),
  };
}

export const setUpDirectory: Handler<'directory.setUp'> = async (ctx) => {
  const { session, isManager } = deskOf(ctx, 'supervisor');
  const named = namedValues(ctx);
  const counts = (await ctx.register.ready()?.values(CHOICE_COLUMNS, VALUES_MAX)) ?? null;
  const valuesOf = (column: string): DirectoryValue[] => {
    const counted = new Map((counts?.[column] ?? []).map(({ value, count }) => [value, count]));
    const known = named[column] ?? [];
    const names = new Map(known.map((each) => [each.value, each]));
    const values = new Set([...counted.keys(), ...names.keys()]);
    return [...values].map((value) => ({
      ...(names.get(value) ?? { value, name: '', nameZh: '' }),
      count: counts === null ? null : (counted.get(value) ?? 0),
    }));
  };
  return {
    attributes: ctx.directory.attributes().filter(({ isRetired }) => !isRetired),
    layout: ctx.till.settings.get(keyOf(session.person.staffId), DirectoryLayout) ?? FIRST_LAYOUT,
    values: Object.fromEntries(CHOICE_COLUMNS.map((column) => [column, valuesOf(column)])),
    isManager,
  };
};

export const keepDirectoryLayout: Handler<'directory.keepLayout'> = (ctx, layout) => {
  const { session } = deskOf(ctx, 'supervisor');
  ctx.till.settings.set(keyOf(session.person.staffId), layout);
  return {};
};
