import { useState } from 'react';
import { useWords } from '../../lib/words.ts';
import { Choices } from '../../ui/choices.tsx';
import layout from '../../ui/list-and-detail.module.css';
import styles from './doctor.module.css';
import { DrawnCode } from './drawn-code.tsx';
import { ALL_MAKERS, modesOf, type MakerModes, type ModeCode } from './mode-codes.ts';

/** The way out of keyboard mode: the maker's barcodes, or where they are printed. */
export function ModeCodes({ vendorId }: Readonly<{ vendorId: number | null }>) {
  const { t } = useWords();
  const [name, setName] = useState(ALL_MAKERS[0]?.maker ?? '');
  const own = modesOf(vendorId);
  const shown = own ?? ALL_MAKERS.find(({ maker }) => maker === name);
  return (
    <div className={styles['part']} data-testid="mode-codes">
      <h3 className={styles['partTitle']}>{t('doctor.modes.title')}</h3>
      <p className={layout['soft']}>{t('doctor.modes.lead')}</p>
      {own === null && (
        <Choices
          label={t('doctor.modes.maker')}
          value={name}
          onChange={setName}
          options={ALL_MAKERS.map(({ maker }) => ({ value: maker, label: maker }))}
        />
      )}
      {shown && <OneMaker key={shown.maker} modes={shown} />}
    </div>
  );
}

/** One barcode at a time: of two that stand side by side a scanner reads either. */
function OneMaker({ modes: { maker, codes, names, chapter } }: Readonly<{ modes: MakerModes }>) {
  const { t } = useWords();
  const [mode, setMode] = useState<ModeCode['mode']>(codes[0]?.mode ?? 'hid-pos');
  const shown = codes.find((each) => each.mode === mode);
  if (shown === undefined) {
    const facts = { maker, chapter, hidPos: names['hid-pos'], serial: names.serial };
    return <p>{t(chapter === '' ? 'doctor.modes.inManual' : 'doctor.modes.inManualAt', facts)}</p>;
  }
  return (
    <div className={styles['modes']}>
      {codes.length > 1 && (
        <Choices
          label={t('doctor.modes.mode')}
          value={mode}
          onChange={setMode}
          options={codes.map((each) => ({ value: each.mode, label: names[each.mode] }))}
        />
      )}
      <figure>
        <DrawnCode code={shown.code} label={t('doctor.modes.code', { maker, mode: names[mode] })} />
        <figcaption>
          {maker} · {names[mode]}
        </figcaption>
      </figure>
      <p className={layout['soft']}>{t('doctor.modes.once')}</p>
    </div>
  );
}
