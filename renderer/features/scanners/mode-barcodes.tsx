import { useState } from 'react';
import { useWords } from '../../lib/words.ts';
import { Choices } from '../../ui/choices.tsx';
import styles from './doctor.module.css';
import { DrawnCode } from './drawn-code.tsx';
import { ALL_MAKERS, modesOf, type MakerModes } from './mode-codes.ts';

/** The way out of keyboard mode: the maker's barcodes, or where they are printed. */
export function ModeCodes({ vendorId }: Readonly<{ vendorId: number | null }>) {
  const { t } = useWords();
  const [name, setName] = useState(ALL_MAKERS[0]?.maker ?? '');
  const own = modesOf(vendorId);
  const shown = own ?? ALL_MAKERS.find(({ maker }) => maker === name);
  return (
    <div className={styles['part']} data-testid="mode-codes">
      <h3 className={styles['partTitle']}>{t('doctor.modes.title')}</h3>
      <p className={styles['soft']}>{t('doctor.modes.lead')}</p>
      {own === null && (
        <Choices
          label={t('doctor.modes.maker')}
          value={name}
          onChange={setName}
          options={ALL_MAKERS.map(({ maker }) => ({ value: maker, label: maker }))}
        />
      )}
      {shown && <OneMaker modes={shown} />}
    </div>
  );
}

function OneMaker({ modes: { maker, codes, names } }: Readonly<{ modes: MakerModes }>) {
  const { t } = useWords();
  const modeNames = { hidPos: names['hid-pos'], serial: names.serial };
  if (codes.length === 0) return <p>{t('doctor.modes.inManual', { maker, ...modeNames })}</p>;
  return (
    <div className={styles['modes']}>
      {codes.map(({ mode, code }) => (
        <figure key={mode}>
          <DrawnCode code={code} label={t('doctor.modes.code', { maker, mode: names[mode] })} />
          <figcaption>
            {maker} · {names[mode]}
          </figcaption>
        </figure>
      ))}
      <p className={styles['soft']}>{t('doctor.modes.once')}</p>
    </div>
  );
}
