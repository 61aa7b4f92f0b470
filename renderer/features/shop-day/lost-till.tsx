import type { SubmitEvent } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../lib/words.ts';
import { OwnPin } from '../../parts/own-pin.tsx';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import layout from '../../ui/list-and-detail.module.css';
import { Sheet } from '../../ui/sheet.tsx';
import type { Losing } from './losing.ts';
import type { ShopDayStore } from './shop-day-store.ts';
import { tillName } from './tills.tsx';

/** Asks once, with her PIN: what comes of it can not be taken back. */
export function LostTill({ store, losing }: Readonly<{ store: ShopDayStore; losing: Losing }>) {
  const words = useWords();
  const { t, failure: inWords } = words;
  const { typePin, reportLost, cancelLosing } = useStore(store);
  const { till, pin, isBusy, failure } = losing;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void reportLost();
  };
  return (
    <Sheet title={t('shopDay.lost.title', { name: tillName(words, till) })} onClose={cancelLosing}>
      <form onSubmit={submit} noValidate className={layout['stack']} data-testid="lost-till">
        <p>{t('shopDay.lost.stops')}</p>
        <p>{t('shopDay.lost.safe')}</p>
        {failure !== null && <FailureNotice words={inWords(failure)} />}
        <OwnPin pin={pin} onPin={typePin} isRefused={failure !== null} isFirst />
        <div className={layout['deeds']}>
          <Button hotkey="Esc" onPress={cancelLosing}>
            {t('shopDay.lost.notYet')}
          </Button>
          <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
          <Button
            look="danger"
            onPress={() => void reportLost()}
            isDisabled={pin === '' || isBusy}
            testId="lost-till-say"
          >
            {t('shopDay.lost.say')}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
