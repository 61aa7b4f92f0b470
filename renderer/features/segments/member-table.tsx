import type { ReactNode } from 'react';
import { Button as Row } from 'react-aria-components/Button';
import type { MemberId } from '../../../sync/base/ids.ts';
import { dayText } from '../../lib/segment-words.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import type { Shown } from './segments-state.ts';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './segments.module.css';

export type MemberTableProps = Readonly<{
  shown: Shown;
  onOpen: (memberId: MemberId) => void;
  onMore: () => void;
  /** What can be done with all of them. */
  deeds: ReactNode;
}>;

/** The people behind a number, a page at a time; each opens. */
export function MemberTable({ shown, onOpen, onMore, deeds }: MemberTableProps) {
  const words = useWords();
  const { t, formats } = words;
  const { members, total } = shown;
  return (
    <section className={layout['sheet']} aria-label={t('segments.members')} data-testid="segment-members">
      <div className={layout['head']}>
        <h2 className={styles['sub']}>
          {t('segments.people', { count: total, text: formats.number(total) })}
        </h2>
        <div className={layout['deeds']}>{deeds}</div>
      </div>
      {members.length === 0 ? (
        <p className={layout['soft']}>{t('segments.nobody')}</p>
      ) : (
        <ul className={styles['people']}>
          {members.map((member) => (
            <li key={member.memberId}>
              <Row
                className={join(layout['entry'], styles['person'])}
                onPress={() => onOpen(member.memberId)}
                data-testid="segment-member"
              >
                <span className={styles['entryName']}>{member.name}</span>
                <span className={layout['soft']}>{member.maskedMobile}</span>
                <span className={layout['soft']}>
                  {member.lastActive === null ? t('segments.neverHere') : dayText(words, member.lastActive)}
                </span>
                <span className={styles['count']}>
                  {t('segments.purchases', { count: member.purchases })}
                </span>
                <span className={styles['count']}>
                  {member.spentMinor > 0
                    ? t('segments.about', { amount: formats.roughMoney(member.spentMinor) })
                    : '–'}
                </span>
              </Row>
            </li>
          ))}
        </ul>
      )}
      {members.length < total && (
        <Button onPress={onMore} testId="segment-more">
          {t('segments.more')}
        </Button>
      )}
    </section>
  );
}
