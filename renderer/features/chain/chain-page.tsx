import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
import type { ChainStore } from './chain-store.ts';
import styles from './chain.module.css';
import type { ChainPart } from './drafts.ts';
import { DeedNotice } from './form.tsx';
import { PeoplePart } from './people-part.tsx';
import { RulesPart } from './rules-part.tsx';
import { ShopsPart } from './shops-part.tsx';

export type ChainPageProps = Readonly<{ store: ChainStore; till: TillView; onClose: () => void }>;

const PARTS = ['people', 'shops', 'rules'] as const satisfies readonly ChainPart[];

/**
 * A manager's page: who works here, which shops there are, and what holds for the whole chain. A supervisor finds the
 * cashiers on it, for their PINs.
 */
export function ChainPage({ store, till, onClose }: ChainPageProps) {
  const { t } = useWords();
  const { part: chosen, draft, turnTo } = useStore(store);
  const isWhole = till.session?.person.role === 'manager';
  const part = isWhole ? chosen : 'people';
  return (
    <div className={join(layout['page'], styles['page'])} data-testid="chain">
      <header className={layout['head']}>
        <h1 className={layout['title']}>{t('rail.chain')}</h1>
        <div className={layout['deeds']}>
          {isWhole && (
            <Choices
              label={t('chain.part')}
              value={part}
              options={PARTS.map((value) => ({ value, label: t(`chain.tab.${value}`) }))}
              onChange={turnTo}
              isLabelHidden
            />
          )}
          <Button hotkey="Esc" onPress={onClose}>
            {t('keys.back')}
          </Button>
        </div>
      </header>
      {draft === null && <DeedNotice store={store} />}
      {part === 'people' && <PeoplePart store={store} till={till} />}
      {part === 'shops' && <ShopsPart store={store} till={till} />}
      {part === 'rules' && <RulesPart store={store} till={till} />}
    </div>
  );
}
