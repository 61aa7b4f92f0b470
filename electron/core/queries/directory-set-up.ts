import { CUSTOM_PREFIX, kindsOf, knownLayout, REGISTER_COLUMNS } from '../../../sync/model/register.ts';
import type { Attribute } from '../../../sync/model/attributes.ts';
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
      .map(({ body: { storeId, name, nameZh = '' } }) => ({ value: storeId, name, nameZh })),
    cards: directory.cardTypes().map(({ cardTypeId, name, nameZh }) => ({ value: cardTypeId, name, nameZh })),
    verified: ['email', 'mobile'].map((value) => ({ value, name: '', nameZh: '' })),
    groups: directory
      .documents('group')
      .map(({ body }) => ({ value: body.groupId, name: body.name, nameZh: body.nameZh })),
  };
}

/** What an attribute may hold: the words of its document. */
const choicesOf = ({ type, choices }: Attribute): Named[] =>
  (type === 'yes-no' ? ['yes', 'no'] : choices).map((value) => ({ value, name: '', nameZh: '' }));

export const setUpDirectory: Handler<'directory.setUp'> = async (ctx) => {
  const { session, isManager } = deskOf(ctx, 'supervisor');
  const all = ctx.directory.attributes();
  const attributes = all.filter(({ isRetired }) => !isRetired);
  const chosen = attributes.filter(({ type }) => type === 'choice' || type === 'yes-no');
  const columnOf = ({ attributeId }: Attribute): string => `${CUSTOM_PREFIX}${attributeId}`;
  const named: Record<string, Named[]> = {
    ...namedValues(ctx),
    ...Object.fromEntries(chosen.map((each) => [columnOf(each), choicesOf(each)])),
  };
  // Of a sensitive one only what its document says, not what members have.
  const open = chosen.filter(({ attributeId }) => !ctx.directory.isGuarded(attributeId)).map(columnOf);
  const counts = (await ctx.register.ready()?.values([...CHOICE_COLUMNS, ...open], VALUES_MAX)) ?? null;
  const valuesOf = (column: string): DirectoryValue[] => {
    const counted = new Map((counts?.[column] ?? []).map(({ value, count }) => [value, count]));
    const known = named[column] ?? [];
    const names = new Map(known.map((each) => [each.value, each]));
    const values = new Set([...counted.keys(), ...names.keys()]);
    return [...values].map((value) => ({
      ...(names.get(value) ?? { value, name: '', nameZh: '' }),
      count: counts?.[column] === undefined ? null : (counted.get(value) ?? 0),
    }));
  };
  const layout = ctx.till.settings.get(keyOf(session.person.staffId), DirectoryLayout) ?? FIRST_LAYOUT;
  return {
    attributes,
    retired: all.filter(({ isRetired }) => isRetired),
    ofCards: ctx.directory.cardAttributes(),
    layout: knownLayout(layout, kindsOf(attributes)),
    values: Object.fromEntries(
      [...CHOICE_COLUMNS, ...chosen.map(columnOf)].map((column) => [column, valuesOf(column)]),
    ),
    isManager,
  };
};

export const keepDirectoryLayout: Handler<'directory.keepLayout'> = (ctx, layout) => {
  const { session } = deskOf(ctx, 'supervisor');
  ctx.till.settings.set(keyOf(session.person.staffId), layout);
  return {};
};
