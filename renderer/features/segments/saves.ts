import type { CoreClient } from '../../../electron/contract/index.ts';
import type { Segment, TagRule } from '../../../sync/model/segment.ts';
import { newOpId } from '../../lib/new-op-id.ts';

/** Saves a version; the list is read again with its count. */
export async function saveSegment(core: CoreClient, segment: Segment, baseVersion: number): Promise<void> {
  const { segmentId: id } = segment;
  await core['documents.save']({ opId: newOpId(), kind: 'segment', id, baseVersion, body: segment });
}

/** Whoever has the tag already keeps it until the rule runs next. */
export async function saveRule(core: CoreClient, rule: TagRule): Promise<void> {
  const { tagRuleId: id, version: baseVersion } = rule;
  await core['documents.save']({ opId: newOpId(), kind: 'tag-rule', id, baseVersion, body: rule });
}
