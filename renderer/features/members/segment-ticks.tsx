import type { Output } from '../../../electron/contract/index.ts';
import type { MemberView } from '../../../electron/contract/views.ts';
import { inTag, outTag } from '../../../sync/model/segment.ts';
import { useWords } from '../../lib/words.ts';
import { Pill } from '../../ui/pill.tsx';
import styles from './about.module.css';
import type { Aside } from './aside-state.ts';
import { isSupervisor, type Role } from './may.ts';

type Standing = Output<'segments.forMember'>['segments'][number];
/** Who decides about her: the rules, or a person. */
const WAYS = ['rules', 'in', 'out'] as const;
type Way = (typeof WAYS)[number];

export interface TagPatch {
  readonly tags: { readonly add: string[]; readonly remove: string[] };
}

/** What has to be saved so that a segment takes or leaves her so; only tags that are there are taken away. */
export function patchFor(way: Way, segmentId: string, tags: readonly string[]): TagPatch {
  const wanted = { rules: null, in: inTag(segmentId), out: outTag(segmentId) }[way];
  const others = [inTag(segmentId), outTag(segmentId)].filter((tag) => tag !== wanted);
  return {
    tags: {
      add: wanted === null || tags.includes(wanted) ? [] : [wanted],
      remove: others.filter((tag) => tags.includes(tag)),
    },
  };
}

export type SegmentTicksProps = Readonly<{
  member: MemberView;
  known: Aside | null;
  role: Role;
  onSet: (patch: TagPatch) => void;
}>;

/** Every segment: whether she is in it and by whom, to be changed there and then (F70). Trials say that they are. */
export function SegmentTicks({ member, known, role, onSet }: SegmentTicksProps) {
  const { t } = useWords();
  const segments = known?.segments?.segments ?? [];
  if (segments.length === 0) return null;
  return (
    <section aria-label={t('aside.segments')} data-testid="segment-ticks">
      <h2 className={styles['heading']}>{t('aside.segments')}</h2>
      <ul className={styles['ways']}>
        {segments.map((standing) => (
          <li key={standing.segment.segmentId} className={styles['way']} data-in={standing.isIn}>
            <Name standing={standing} />
            {isSupervisor(role) ? (
              <Ways standing={standing} tags={member.extras.tags} onSet={onSet} />
            ) : (
              <span className={styles['none']}>{t(`aside.way.${standing.byHand ?? 'rules'}`)}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Name({ standing: { segment, isIn } }: Readonly<{ standing: Standing }>) {
  const { t, named } = useWords();
  const isShare = segment.shareFrom > 0 || segment.shareTo < 100;
  return (
    <span>
      {named(segment.name, segment.nameZh)}{' '}
      <Pill tone={isIn ? 'done' : 'plain'}>{t(isIn ? 'aside.isIn' : 'aside.isOut')}</Pill>{' '}
      {segment.isTest && <Pill tone="wait">{t('aside.test')}</Pill>}
      {isShare && (
        <span className={styles['none']}>
          {' '}
          {t('aside.share', { from: segment.shareFrom, to: segment.shareTo })}
        </span>
      )}
    </span>
  );
}

type WaysProps = Readonly<{ standing: Standing; tags: readonly string[] }> & Pick<SegmentTicksProps, 'onSet'>;

function Ways({ standing: { segment, byHand }, tags, onSet }: WaysProps) {
  const { t, named } = useWords();
  const { segmentId } = segment;
  return (
    <select
      className={styles['select']}
      aria-label={t('aside.wayOf', { name: named(segment.name, segment.nameZh) })}
      value={byHand ?? 'rules'}
      data-testid={`segment-way-${segmentId}`}
      onChange={(event) => {
        const way = WAYS.find((each) => each === event.target.value) ?? 'rules';
        onSet(patchFor(way, segmentId, tags));
      }}
    >
      {WAYS.map((way) => (
        <option key={way} value={way}>
          {t(`aside.way.${way}`)}
        </option>
      ))}
    </select>
  );
}
