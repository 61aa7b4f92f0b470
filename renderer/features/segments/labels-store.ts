import { createStore } from 'zustand/vanilla';
import type { CoreClient, Output } from '../../../electron/contract/index.ts';
import { newId } from '../../../sync/base/ids.ts';
import { Group } from '../../../sync/model/chain.ts';
import { TagRule, type Segment } from '../../../sync/model/segment.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import { newOpId } from '../../lib/new-op-id.ts';

/** Who saves a rule, and the till whose work it is from then on. */
export interface RuleAuthor {
  readonly authorTillId: string;
  readonly ownerId: string;
}
export interface RuleAsk {
  readonly segment: Segment;
  readonly tag: string;
  readonly isLifted: boolean;
}

export type GroupNames = Readonly<Pick<Group, 'name' | 'nameZh'>>;

export interface LabelsState {
  readonly groups: readonly Group[];
  readonly rules: readonly TagRule[];
  readonly ran: Output<'segments.runTagRules'> | null;
  readonly failure: Failure | null;
  readonly isBusy: boolean;
  open(): Promise<void>;
  addGroup(names: GroupNames): Promise<boolean>;
  renameGroup(group: Group, names: GroupNames): Promise<boolean>;
  retireGroup(group: Group): Promise<boolean>;
  /** Whoever is in the segment now gets the tag from now on; the rule does not follow later changes of the segment. */
  addRule(ask: RuleAsk, author: RuleAuthor): Promise<boolean>;
  retireRule(rule: TagRule): Promise<boolean>;
  run(): Promise<boolean>;
}

const bodies = <Body>(documents: Output<'documents.list'>, parse: (body: unknown) => Body): Body[] =>
  documents.map(({ body }) => parse(body));
const isLive = ({ isRetired }: { readonly isRetired: boolean }): boolean => !isRetired;
const shortId = (first: string): string => `${first}-${newId<string>().slice(-12)}`;

/** Groups that managers put members into, and rules that put tags on them. */
export const createLabelsStore = (core: CoreClient) =>
  createStore<LabelsState>()((set, get) => {
    const read = async (): Promise<void> => {
      const [groups, rules] = await Promise.all([
        core['documents.list']({ kind: 'group' }),
        core['documents.list']({ kind: 'tag-rule' }),
      ]);
      set({
        groups: bodies(groups, (body) => Group.parse(body)).filter(isLive),
        rules: bodies(rules, (body) => TagRule.parse(body)).filter(isLive),
      });
    };
    /** One act at a time; what goes wrong is told and changes nothing. */
    const told = async (act: () => Promise<unknown>): Promise<boolean> => {
      if (get().isBusy) return false;
      set({ isBusy: true, failure: null });
      try {
        await act();
        await read();
        set({ isBusy: false });
        return true;
      } catch (cause) {
        set({ isBusy: false, failure: failureOf(cause) });
        return false;
      }
    };
    const saveGroup = (body: Group, baseVersion: number) =>
      core['documents.save']({ opId: newOpId(), kind: 'group', id: body.groupId, baseVersion, body });
    const saveRule = (body: TagRule, baseVersion: number) =>
      core['documents.save']({ opId: newOpId(), kind: 'tag-rule', id: body.tagRuleId, baseVersion, body });
    return {
      groups: [],
      rules: [],
      ran: null,
      failure: null,
      isBusy: false,
      open: async () => {
        set({ ran: null });
        await told(() => Promise.resolve());
      },
      addGroup: (names) =>
        told(() => saveGroup(Group.parse({ groupId: shortId('g'), version: 1, ...names }), 0)),
      renameGroup: (group, names) =>
        told(() => saveGroup(Group.parse({ ...group, ...names }), group.version)),
      retireGroup: (group) => told(() => saveGroup({ ...group, isRetired: true }, group.version)),
      addRule: ({ segment, tag, isLifted }, author) =>
        told(() => {
          const { name, match, conditions } = segment;
          const rule = { tagRuleId: shortId('r'), version: 1, name, tag, match, conditions, isLifted };
          return saveRule(TagRule.parse({ ...rule, ...author }), 0);
        }),
      retireRule: (rule) => told(() => saveRule({ ...rule, isRetired: true }, rule.version)),
      run: () => told(async () => set({ ran: await core['segments.runTagRules']({ opId: newOpId() }) })),
    };
  });
export type LabelsStore = ReturnType<typeof createLabelsStore>;
