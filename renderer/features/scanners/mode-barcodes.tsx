import { useState } from 'react';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import layout from '../../ui/list-and-detail.module.css';
import styles from './doctor.module.css';
import { DrawnCode } from './drawn-code.tsx';
import { ALL_MAKERS, modesOf, type MakerModes, type ModeWay } from './mode-codes.ts';

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

/** Whose barcodes for a mode are in the manual only, says where. */
function InManual({ modes: { maker, names, chapter } }: Readonly<{ modes: MakerModes }>) {
  const { t } = useWords();
  const facts = { maker, chapter, hidPos: names['hid-pos'], serial: names.serial };
  return <p>{t(chapter === '' ? 'doctor.modes.inManual' : 'doctor.modes.inManualAt', facts)}</p>;
}

function OneMaker({ modes }: Readonly<{ modes: MakerModes }>) {
  const { t } = useWords();
  const { maker, ways, names, chapter } = modes;
  const [mode, setMode] = useState(ways[0]?.mode ?? 'hid-pos');
  const shown = ways.find((each) => each.mode === mode);
  if (shown === undefined) return <InManual modes={modes} />;
  const isHidPosPrinted = names['hid-pos'] !== '' && ways.every((each) => each.mode !== 'hid-pos');
  return (
    <div className={styles['modes']}>
      {ways.length > 1 && (
        <Choices
          label={t('doctor.modes.mode')}
          value={mode}
          onChange={setMode}
          options={ways.map((each) => ({ value: each.mode, label: names[each.mode] }))}
        />
      )}
      <Steps key={mode} maker={maker} name={names[mode]} way={shown} />
      {shown.models !== '' && (
        <p className={layout['soft']}>{t('doctor.modes.models', { models: shown.models })}</p>
      )}
      {shown.isDerived && <p className={layout['soft']}>{t('doctor.modes.derived', { maker })}</p>}
      {isHidPosPrinted && (
        <p className={layout['soft']}>
          {t('doctor.modes.hidPosInManual', { maker, hidPos: names['hid-pos'], chapter })}
        </p>
      )}
    </div>
  );
}

/** One barcode at a time: of two that stand side by side a scanner reads either. */
function Steps({ maker, name, way }: Readonly<{ maker: string; name: string; way: ModeWay }>) {
  const { t } = useWords();
  const [at, setAt] = useState(0);
  const { steps, mode } = way;
  const isLast = at === steps.length - 1;
  return (
    <>
      <figure>
        <DrawnCode code={steps[at] ?? ''} label={t('doctor.modes.code', { maker, mode: name })} />
        <figcaption>
          {maker} · {name}
          {steps.length > 1 && ` · ${t('doctor.modes.step', { at: at + 1, of: steps.length })}`}
        </figcaption>
      </figure>
      {steps.length > 1 && (
        <div>
          <Button onPress={() => setAt(isLast ? 0 : at + 1)} testId="mode-step">
            {t(isLast ? 'doctor.modes.firstStep' : 'doctor.modes.nextStep')}
          </Button>
        </div>
      )}
      <p className={layout['soft']}>
        {t(
          mode === 'keyboard'
            ? 'doctor.modes.back'
            : steps.length > 1
              ? 'doctor.modes.all'
              : 'doctor.modes.once',
        )}
      </p>
    </>
  );
}
