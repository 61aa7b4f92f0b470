import { attributesOf, isBuiltInGuarded, maskCustom } from '../../sync/model/attributes.ts';
import { ExtraId, readExtras, Tag } from '../../sync/model/extras.ts';
import { isSegmentTag } from '../../sync/model/segment.ts';
import type { Sql } from '../database.ts';
import { listDocuments } from '../repos/documents.ts';
import { problemWith, valuesRefused } from './fields.ts';
import type { FieldProblem, MemberPatch, MemberReply } from './shapes.ts';

/** What hangs on a member beside the profile, as other systems see it. */
export async function readWords(sql: Sql, text: string): Promise<NonNullable<MemberReply['extras']>> {
  const { custom, tags, groups } = readExtras(text);
  const own = await listDocuments(sql, 'attribute');
  const known = new Map(attributesOf(own).map((each) => [each.attributeId, each]));
  const names = new Map((await listDocuments(sql, 'group')).map(({ groupId, name }) => [groupId, name]));
  const shown = Object.entries(custom).map(([id, value]): [string, string] => {
    const isMasked = known.get(id)?.isSensitive ?? isBuiltInGuarded(id);
    return [id, isMasked && id !== 'accountAllowed' ? maskCustom(value) : value];
  });
  return {
    custom: Object.fromEntries(shown),
    tags: [...tags],
    groups: groups.map((groupId) => ({ groupId, name: names.get(groupId) ?? groupId })),
  };
}

type Asked = Readonly<Pick<MemberPatch, 'tags' | 'groups'>>;
export type Words = Partial<Asked>;

const isEmpty = ({ add, remove }: Asked['tags']): boolean => add.length + remove.length === 0;

/** A word on both lists would be left to chance. */
const areApart = ({ add, remove }: Asked['tags']): boolean => !add.some((word) => remove.includes(word));

function tagProblem(tag: string): FieldProblem | null {
  // Members of a segment are made by its rules, not by a word from outside.
  const isRight = Tag.safeParse(tag).success && tag.trim() === tag && !isSegmentTag(tag);
  return isRight ? null : problemWith(`tags.${tag}`, 'malformed');
}

/**
 * Tags and groups as another system sent them, without those lists that say nothing.
 *
 * @throws ApiRefusal `values_refused` with every word that is wrong: no tag, no group of the chain, or asked for twice.
 */
export async function readWordChanges(sql: Sql, { tags, groups }: Asked): Promise<Words> {
  const known = new Map((await listDocuments(sql, 'group')).map((group) => [group.groupId as string, group]));
  const groupProblem = (groupId: string, isNew: boolean): FieldProblem | null => {
    const group = known.get(groupId);
    const isOpen = group !== undefined && !(isNew && group.isRetired);
    return ExtraId.safeParse(groupId).success && isOpen ? null : problemWith(`groups.${groupId}`, 'unknown');
  };
  const problems = [
    ...[...tags.add, ...tags.remove].map(tagProblem),
    ...groups.add.map((groupId) => groupProblem(groupId, true)),
    ...groups.remove.map((groupId) => groupProblem(groupId, false)),
    areApart(tags) ? null : problemWith('tags', 'malformed'),
    areApart(groups) ? null : problemWith('groups', 'malformed'),
  ].filter((problem) => problem !== null);
  if (problems.length > 0) throw valuesRefused(problems);
  return { ...(isEmpty(tags) ? {} : { tags }), ...(isEmpty(groups) ? {} : { groups }) };
}
