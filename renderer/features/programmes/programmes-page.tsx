import { useState } from 'react';
import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import { CardKind } from '../../../sync/model/chain.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ExpiryPanel } from './expiry-panel.tsx';
import { ProgrammeForm } from './programme-form.tsx';
import { ProgrammeList } from './programme-list.tsx';
import type { ProgrammesStore } from './programmes-store.ts';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './programmes.module.css';
import { TierForm } from './tier-form.tsx';

export type ProgrammesPageProps = Readonly<{ store: ProgrammesStore; till: TillView; onClose: () => void }>;

/** A manager's screen: what cards the chain has, what they earn and give, and what that would mean. */
export function ProgrammesPage({ store, till, onClose }: ProgrammesPageProps) {
  const { t, failure, formats } = useWords();
  const { deed, chosen, tierDraft, create, chooseTier } = useStore(store);
  const [isAdding, setAdding] = useState(false);
  const kinds = CardKind.options.map((kind) => ({
    id: kind,
    label: t(`programmes.kind.${kind}`),
    act: () => create(kind),
  }));
  const tier = { id: 'tier', label: t('programmes.tier'), act: () => chooseTier(null) };
  return (
    <div className={join(layout['page'], styles['page'])} data-testid="programmes">
      <header className={layout['head']}>
        <h1 className={layout['title']}>{t('rail.programmes')}</h1>
        <div className={layout['deeds']}>
          <Menu
            label={t('programmes.add')}
            entries={[...kinds, tier]}
            isOpen={isAdding}
            onOpenChange={setAdding}
          >
            <Button onPress={() => setAdding(true)} testId="programme-add">
              {t('programmes.add')}
            </Button>
          </Menu>
          <Button hotkey="Esc" onPress={onClose}>
            {t('keys.back')}
          </Button>
        </div>
      </header>
      {deed.status === 'failed' && <FailureNotice words={failure(deed.failure)} />}
      {deed.status === 'saved' && (
        <Notice
          tone="done"
          title={t('programmes.saved', { name: deed.name })}
          detail={
            deed.validFrom > till.businessDay
              ? t('programmes.savedFrom', { day: formats.day(deed.validFrom) })
              : t('programmes.savedNow')
          }
          testId="programme-saved"
        />
      )}
      <div className={styles['body']}>
        <ProgrammeList store={store} till={till} />
        {chosen !== null && <ProgrammeForm key={chosen.cardTypeId} store={store} till={till} />}
        {tierDraft !== null && <TierForm store={store} till={till} />}
      </div>
      <ExpiryPanel store={store} />
    </div>
  );
}
