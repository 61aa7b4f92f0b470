import type { Output } from '../../../electron/contract/index.ts';
import type { SegmentChoice, SegmentMember } from '../../../electron/contract/segments.ts';
import type { Segment, SegmentRules, TagRule } from '../../../sync/model/segment.ts';
import type { Failure } from '../../lib/failure.ts';
import type { Names } from './names.ts';
import type { SegmentDraft } from './draft.ts';

type Listed = Output<'segments.list'>[number];
export type RfmPicture = Output<'segments.rfm'>;
export type WordCount = Output<'segments.words'>[number];

/** Whose members stand on the right. */
export interface Shown {
  readonly choice: SegmentChoice;
  readonly total: number;
  readonly members: readonly SegmentMember[];
}

export interface SegmentsState {
  /** Null until they were counted. */
  readonly all: readonly Listed[] | null;
  readonly rfm: RfmPicture | null;
  /** `plot`: the grid of recency and frequency. */
  readonly view: 'plot' | 'segment' | 'edit';
  readonly chosenId: string | null;
  readonly shown: Shown | null;
  readonly draft: SegmentDraft | null;
  /** How many the draft means; null while that is counted or it is not whole. */
  readonly found: number | null;
  readonly words: Readonly<Record<string, readonly WordCount[]>>;
  /** Of groups and attributes, by field and id. */
  readonly names: Names;
  /** The chain's own fields that are not put away. */
  readonly attributes: Output<'attributes.list'>;
  readonly failure: Failure | null;
  readonly isSaving: boolean;
  open(): Promise<void>;
  refresh(): Promise<void>;
  leave(): void;
  showPlot(): void;
  showSegment(segmentId: string): Promise<void>;
  showMembers(choice: SegmentChoice): Promise<void>;
  showMore(): Promise<void>;
  /** Rules that were looked at become a new segment, which is named and saved in the editor. */
  keepAs(rules: SegmentRules, name: string, decimals: number): void;
  edit(segment: Segment | null, decimals: number): void;
  /** @param ownerId Who answers for the rule once it is saved. */
  editRule(rule: TagRule, ownerId: string, decimals: number): void;
  change(draft: SegmentDraft, decimals: number): Promise<void>;
  cancel(): void;
  save(decimals: number): Promise<void>;
  retire(segment: Segment): Promise<void>;
  readWords(field: string): Promise<void>;
}
