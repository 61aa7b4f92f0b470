import { useWords } from '../lib/words.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

/** What became of the file, last time. */
export type PdfState = 'none' | 'saving' | 'saved' | 'failed';

export type PaperDeedsProps = Readonly<{
  pdf: PdfState;
  onPrint: () => void;
  /** Null where the page can not write files, as in a browser. */
  onSavePdf: (() => void) | null;
}>;

/** A sheet on paper, or as a file. */
export function PaperDeeds({ pdf, onPrint, onSavePdf }: PaperDeedsProps) {
  const { t } = useWords();
  return (
    <>
      <Button onPress={onPrint} testId="print">
        {t('close.print')}
      </Button>
      {onSavePdf && (
        <Button onPress={onSavePdf} isDisabled={pdf === 'saving'} testId="save-pdf">
          {t('close.savePdf')}
        </Button>
      )}
    </>
  );
}

/** Of the file alone: on paper nobody needs it. */
export function PdfNotice({ pdf }: Readonly<{ pdf: PdfState }>) {
  const { t } = useWords();
  if (pdf !== 'saved' && pdf !== 'failed') return null;
  const isSaved = pdf === 'saved';
  return (
    <div data-screen-only>
      <Notice
        tone={isSaved ? 'done' : 'warn'}
        title={t(isSaved ? 'close.pdfSaved' : 'close.pdfFailed')}
        detail={isSaved ? '' : t('close.pdfFailedNext')}
        testId={`pdf-${pdf}`}
      />
    </div>
  );
}
