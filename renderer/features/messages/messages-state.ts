import type { MessageCount, MessagesView } from '../../../electron/contract/messages.ts';
import type { MemberId, OpId } from '../../../sync/base/ids.ts';
import type { SendLine } from '../../../sync/model/message.ts';
import type { SavedFilter } from '../../../sync/model/register.ts';
import type { Segment } from '../../../sync/model/segment.ts';
import type { MessageTemplate } from '../../../sync/model/template.ts';
import type { Failure } from '../../lib/failure.ts';
import type { TemplateDraft } from './template-draft.ts';

export type MessagesTab = 'send' | 'templates' | 'sent';
export type Target =
  | { readonly kind: 'member'; readonly memberId: MemberId; readonly name: string }
  | { readonly kind: 'segment'; readonly segmentId: string }
  /** As it is when it is counted: what is saved under it later is counted anew. */
  | { readonly kind: 'filter'; readonly filterId: string; readonly version: number };
export type Act =
  | { readonly status: 'idle' | 'busy' | 'saved' }
  | { readonly status: 'sent'; readonly name: string }
  | { readonly status: 'failed'; readonly failure: Failure };
export type NamedSend = SendLine & { memberName: string };

export interface MessagesState {
  readonly tab: MessagesTab;
  readonly templates: readonly MessageTemplate[];
  readonly segments: readonly Segment[];
  /** Saved filters of the list of members; not one that asks nothing, which would be everybody. */
  readonly filters: readonly SavedFilter[];
  /** Of every template and segment by id, those put away too: what went out goes on to name them. */
  readonly names: Names;
  /** Null until it was read. */
  readonly view: MessagesView | null;
  readonly target: Target | null;
  readonly templateId: string;
  /** Who would get it; null while nobody was counted. */
  readonly count: MessageCount | null;
  readonly draft: TemplateDraft | null;
  readonly act: Act;
  readonly sends: Readonly<Record<string, readonly NamedSend[]>>;
  open(target?: Target): Promise<void>;
  showTab(tab: MessagesTab): void;
  refresh(): Promise<void>;
  aim(target: Target | null): Promise<void>;
  choose(templateId: string): Promise<void>;
  send(): Promise<void>;
  edit(template: MessageTemplate | null): void;
  type(change: Partial<TemplateDraft>): void;
  save(): Promise<void>;
  /** It can not be sent from then on. */
  retire(template: MessageTemplate): Promise<void>;
  closeDraft(): void;
  showSends(opId: OpId): Promise<void>;
  leave(): void;
}

export type Names = Readonly<Record<string, Readonly<{ name: string; nameZh: string }>>>;

export const EMPTY = {
  tab: 'send' as MessagesTab,
  ...{
    templates: [],
    segments: [],
    filters: [],
    names: {} as Names,
    view: null,
    target: null,
    templateId: '',
    count: null,
    draft: null,
  },
  act: { status: 'idle' } as Act,
  sends: {},
};

/** Whom a message may be for once the lists were read anew: nobody is written to who is in them no more. */
export function targetNow(
  target: Target | null,
  { segments, filters }: Pick<MessagesState, 'segments' | 'filters'>,
): Target | null {
  if (target === null || target.kind === 'member') return target;
  if (target.kind === 'segment')
    return segments.some(({ segmentId }) => segmentId === target.segmentId) ? target : null;
  const saved = filters.find(({ filterId }) => filterId === target.filterId);
  if (saved === undefined) return null;
  return saved.version === target.version ? target : { ...target, version: saved.version };
}

interface NamedDocuments {
  readonly templates: readonly MessageTemplate[];
  readonly segments: readonly Segment[];
  readonly filters: readonly SavedFilter[];
}

export const namesOf = ({ templates, segments, filters }: NamedDocuments): Names =>
  Object.fromEntries([
    ...templates.map(({ templateId, name }) => [templateId, { name, nameZh: '' }] as const),
    ...segments.map(({ segmentId, name, nameZh }) => [segmentId, { name, nameZh }] as const),
    ...filters.map(({ filterId, name }) => [filterId, { name, nameZh: '' }] as const),
  ]);
