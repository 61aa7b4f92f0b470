import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import type { MemberView } from '../../../electron/contract/views.ts';
import { reasonText, rfmSentence, type NameOf } from '../../lib/segment-words.ts';
import { useWords } from '../../lib/words.ts';
import { Pill } from '../../ui/pill.tsx';
import { asideName, type Aside } from './aside-state.ts';
import styles from './aside.module.css';
import type { AsideStore } from './aside-store.ts';

/** Asks once the page stands: two frames on, so that the first picture never waits. */
export function useAside(store: AsideStore, { memberId, pendingOps }: MemberView): Aside | null {
  const { aside } = useStore(store);
  useEffect(() => {
    let second = 0;
    const first = requestAnimationFrame(() => {
      second = requestAnimationFrame(() => {
        const { aside: known, read, refresh } = store.getState();
        void (known?.memberId === memberId ? refresh() : read(memberId));
      });
    });
    return () => {
      cancelAnimationFrame(first);
      cancelAnimationFrame(second);
    };
  }, [store, memberId, pendingOps]);
  return aside?.memberId === memberId ? aside : null;
}

/** The ledger of consents and the receipts are asked for when somebody looks at the details. */
export function useDetails(store: AsideStore, known: Aside | null, isOpen: boolean): void {
  const memberId = known?.memberId;
  useEffect(() => {
    if (isOpen && memberId !== undefined) void store.getState().readDetails(memberId);
  }, [store, memberId, isOpen]);
}

export type MemberSegmentsProps = Readonly<{ aside: Aside | null; till: TillView }>;

/** What a cashier can say aloud, and the segments she is in with the reasons; nothing where nothing is known. */
export function MemberSegments({ aside, till }: MemberSegmentsProps) {
  const words = useWords();
  const { t, named } = words;
  if (aside === null || aside.segments === null) return null;
  const { rfm, segments } = aside.segments;
  const shown = segments.filter(({ isIn }) => isIn);
  if (rfm === null && shown.length === 0) return null;
  const nameOf: NameOf = (field, id) => {
    const type = field === 'cardTypes' ? till.cardTypes.find(({ cardTypeId }) => cardTypeId === id) : null;
    return type == null ? (aside.names[asideName(field, id)] ?? id) : named(type.name, type.nameZh);
  };
  return (
    <section className={styles['segments']} aria-label={t('aside.segments')} data-testid="member-segments">
      {rfm !== null && (
        <p className={styles['line']}>
          <Pill tone="plain">{t(`segments.value.rfm.${rfm.name}`, { defaultValue: rfm.name })}</Pill>
          <span>{rfmSentence(words, rfm)}</span>
        </p>
      )}
      {shown.map(({ segment, byHand, reasons }) => (
        <p key={segment.segmentId} className={styles['line']}>
          <Pill tone="plain">{named(segment.name, segment.nameZh)}</Pill>
          <span className={styles['why']}>
            {byHand === 'in'
              ? t('aside.byHand')
              : reasons.map((reason) => reasonText(words, reason, nameOf)).join(' · ')}
          </span>
        </p>
      ))}
    </section>
  );
}
