import type { DuplicateHit } from '../../../electron/contract/members.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import styles from './enrolment-page.module.css';

export type DuplicateListProps = Readonly<{
  duplicates: readonly DuplicateHit[];
  onOpen: (memberId: DuplicateHit['memberId']) => void;
}>;

/** Who has it already: some stop the enrolment, the others are worth a look. */
export function DuplicateList({ duplicates, onOpen }: DuplicateListProps) {
  const { t } = useWords();
  if (duplicates.length === 0) return null;
  const refusalsFirst = duplicates.toSorted(
    (left, right) => Number(right.isRefusal) - Number(left.isRefusal),
  );
  return (
    <div className={styles['duplicates']} data-testid="duplicates">
      {refusalsFirst.map((hit) => (
        <Notice
          key={`${hit.memberId}-${hit.field}`}
          tone={hit.isRefusal ? 'refuse' : 'wait'}
          icon="person"
          title={t(`duplicate.${hit.field}`, { name: hit.name })}
          detail={`${hit.maskedMobile === '' ? '' : `${hit.maskedMobile} · `}${t(hit.isRefusal ? 'duplicate.refusal' : 'duplicate.warning')}`}
        >
          <Button onPress={() => onOpen(hit.memberId)}>{t('duplicate.open')}</Button>
        </Notice>
      ))}
    </div>
  );
}
