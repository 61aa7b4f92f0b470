import type { Output } from '../../../electron/contract/index.ts';

export interface Named {
  readonly name: string;
  readonly nameZh: string;
}
/** Of groups and attributes, by field and id. */
export type Names = Readonly<Record<string, Named>>;

export const nameKey = (field: string, id: string): string => `${field} ${id}`;

const textIn = (body: Readonly<Record<string, unknown>>, key: string): string =>
  typeof body[key] === 'string' ? body[key] : '';

/** What the chain calls its groups and the fields of its own. */
export const namesOf = (groups: Output<'documents.list'>, attributes: Output<'attributes.list'>): Names =>
  Object.fromEntries([
    ...groups.map(
      ({ id, body }) =>
        [
          nameKey('groups', id),
          { name: textIn(body, 'name') || id, nameZh: textIn(body, 'nameZh') },
        ] as const,
    ),
    ...attributes.map(
      ({ attributeId, name, nameZh }) => [nameKey('custom', attributeId), { name, nameZh }] as const,
    ),
  ]);
