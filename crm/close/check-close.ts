import { must } from '../../sync/base/must.ts';
import { certificateText, type CloseCertificate } from '../../sync/close/certificate.ts';
import {
  areSingle,
  differing,
  hashRange,
  sizeOf,
  type RangeHash,
  type TseqRange,
} from '../../sync/close/ranges.ts';
import {
  DIFFERENCES_MAX,
  RECEIPT_VERSION,
  receiptText,
  type CloseReceipt,
  type CloseReply,
  type CloseRequest,
  type Difference,
} from '../../sync/close/receipt.ts';
import { LINES_MAX } from '../../sync/close/tally.ts';
import type { Centre } from '../centre.ts';
import { createCentreSigner } from '../keys.ts';
import { nodeSigning } from '../node-crypto.ts';
import { CentreRefusal } from '../refusal.ts';
import { countElsewhere, saveClose, saveReceipt } from '../repos/closes.ts';
import { readHead } from '../repos/feed-head.ts';
import type { TillRow } from '../repos/tills.ts';
import { sqlStore } from '../sql-store.ts';
import { readLedger, type Ledger } from './ledger.ts';
import { tellDay } from './tell-day.ts';
import { tellWatch } from './tell-watch.ts';

/** More than a till does in a month: a certificate that claims more is not of a day. */
const OPS_PER_DAY_MAX = 250_000;

const rise = (ranges: readonly TseqRange[]): boolean =>
  ranges.every(({ fromTseq, toTseq }, at) => fromTseq <= toTseq && fromTseq > (ranges[at - 1]?.toTseq ?? 0));

const liesIn = (part: TseqRange, ranges: readonly TseqRange[]): boolean =>
  ranges.some(({ fromTseq, toTseq }) => part.fromTseq >= fromTseq && part.toTseq <= toTseq);

/** @throws CentreRefusal For a certificate that no till of ours can have made. */
function assertSound(till: TillRow, { certificate, signature, ranges }: CloseRequest): void {
  const span = certificate.ranges.reduce((sum, range) => sum + sizeOf(range), 0);
  const first = certificate.ranges[0]?.fromTseq ?? 0;
  const last = certificate.ranges.at(-1)?.toTseq ?? 0;
  const isRising = rise(certificate.ranges) && rise(ranges);
  const isOwn = certificate.tillId === till.tillId && certificate.incarnation <= till.incarnation;
  const isSound = isOwn && isRising && span === certificate.opCount && last - first < OPS_PER_DAY_MAX;
  if (!isSound || !ranges.every((part) => liesIn(part, certificate.ranges))) {
    throw new CentreRefusal('bad_request', 'This is no certificate of this till. Nothing was changed.');
  }
  if (nodeSigning.isSigned(till.signKey, certificateText(certificate), signature)) return;
  throw new CentreRefusal(
    'bad_signature',
    'The certificate is not signed by this till’s key. Nothing was changed; the close stays with the till.',
  );
}

/** Lines to compare, without sums that were erased here. */
const linesText = (lines: CloseCertificate['lines'], { erasedKinds }: Ledger): string =>
  JSON.stringify(lines.map((line) => (erasedKinds.has(line.kind) ? { ...line, units: 0 } : line)));

/** What a single op that differs is: not here, not there, or not the same. */
function nameSingle(asked: RangeHash, ledger: Ledger, centre: Centre): Difference {
  const tseq = asked.fromTseq;
  const isNotThere = hashRange(asked, () => undefined, centre.crypto).hash === asked.hash;
  const what = ledger.hashAt(tseq) === undefined ? 'missing' : isNotThere ? 'extra' : 'other_content';
  return { tseq, what, kind: ledger.kindAt(tseq) };
}

/** All that is not here at all, also beyond the parts that were asked about: a lost day is counted in full. */
const missingOf = ({ ranges }: CloseCertificate, ledger: Ledger): Difference[] =>
  ranges.flatMap(({ fromTseq, toTseq }) =>
    Array.from({ length: toTseq - fromTseq + 1 }, (_, at) => fromTseq + at)
      .filter((tseq) => ledger.hashAt(tseq) === undefined)
      .map((tseq): Difference => ({ tseq, what: 'missing', kind: '' })),
  );

/**
 * Ops that the centre's ledger has otherwise than the till, or the parts to be asked about in smaller ones. Ops of an
 * earlier incarnation lie in a file that the till does not use any more: there what one question can name has to do.
 */
function findDifferences(
  centre: Centre,
  request: CloseRequest & { isEarlier: boolean },
  ledger: Ledger,
): { named: Difference[]; isWholeEqual: boolean } | { narrow: TseqRange[] } {
  const { certificate, ranges, isEarlier } = request;
  const { crypto } = centre;
  const parts = differing(ranges, ledger.hashAt, crypto);
  const isWholeEqual = differing(certificate.ranges, ledger.hashAt, crypto).length === 0;
  const isNarrowed = isWholeEqual || isEarlier;
  if (!isNarrowed && !areSingle(parts)) return { narrow: parts };
  if (!isNarrowed && parts.length === 0)
    return { narrow: differing(certificate.ranges, ledger.hashAt, crypto) };
  const singles = isNarrowed
    ? []
    : parts.map(({ fromTseq }) =>
        nameSingle(
          must(
            ranges.find((range) => range.fromTseq === fromTseq),
            'it was asked about',
          ),
          ledger,
          centre,
        ),
      );
  const { tseq, hash } = certificate.chainHead;
  const here = tseq === 0 ? hash : ledger.hashAt(tseq);
  const isHeadOther = here !== undefined && here !== hash && !singles.some((single) => single.tseq === tseq);
  const head: Difference[] = isHeadOther ? [{ tseq, what: 'other_content', kind: ledger.kindAt(tseq) }] : [];
  const extras = ledger.extras.map((extra): Difference => ({
    tseq: extra,
    what: 'extra',
    kind: ledger.kindAt(extra),
  }));
  const isNamed = new Set(singles.map((single) => single.tseq));
  const unbooked = ledger.unbooked.filter((each) => !isNamed.has(each.tseq));
  const missing = isWholeEqual
    ? []
    : missingOf(certificate, ledger).filter(({ tseq: at }) => !isNamed.has(at));
  const named = [...singles, ...missing, ...head, ...extras, ...unbooked];
  return { named: named.sort((one, other) => one.tseq - other.tseq), isWholeEqual };
}

/**
 * Compares a till's certificate with the centre's own ledger, as that lies in the database now. Keeps both;
 * asking again gives a fresh answer.
 *
 * @returns The signed verdict, or the parts to be asked about in smaller ones.
 * @throws CentreRefusal `bad_request`, `bad_signature`.
 */
export async function checkClose(centre: Centre, till: TillRow, request: CloseRequest): Promise<CloseReply> {
  assertSound(till, request);
  const { certificate } = request;
  const { tillId, incarnation, businessDay } = certificate;
  const { database, crypto } = centre;
  const read = await database.transaction(
    async (tx) => ({
      ledger: await readLedger(tx, certificate, crypto),
      elsewhere: await countElsewhere(tx, { tillId, incarnation, businessDay }),
      headSeq: (await readHead(tx)).seq,
    }),
    'read',
  );
  const isEarlier = incarnation < till.incarnation;
  const found = findDifferences(centre, { ...request, isEarlier }, read.ledger);
  if ('narrow' in found) return { state: 'narrow', ranges: found.narrow };
  const nowMs = centre.clock.nowMs();
  const certificateHash = crypto.sha256Hex(certificateText(certificate));
  const { lines, opCount, heldCount } = read.ledger;
  const isSame = linesText(lines, read.ledger) === linesText(certificate.lines, read.ledger);
  const receipt: CloseReceipt = {
    version: RECEIPT_VERSION,
    ...{ tillId, incarnation, businessDay, certificateHash },
    checkedAtMs: nowMs,
    headSeq: read.headSeq,
    verdict: found.named.length === 0 && found.isWholeEqual && isSame ? 'equal' : 'differs',
    opCount,
    lines: lines.slice(0, LINES_MAX),
    differenceCount: found.named.length,
    differences: found.named.slice(0, DIFFERENCES_MAX),
    heldCount,
    elsewhere: read.elsewhere,
  };
  const signature = await createCentreSigner(database.sql).sign(receiptText(receipt));
  await database.transaction(async (tx) => {
    await saveClose(tx, { certificateHash, certificate, signature: request.signature, nowMs });
    await saveReceipt(tx, receipt, signature);
    await tellDay(sqlStore(tx, crypto, null), receipt);
    await tellWatch(tx, { certificate, watch: request.watch, headSeq: read.headSeq, nowMs, crypto });
  });
  const { verdict, differenceCount } = receipt;
  const told = { tillId, businessDay, opCount, differenceCount };
  if (verdict === 'differs') centre.log.warn(told, 'a closed day differs from the ledger');
  else centre.log.info(told, 'a closed day is proven');
  return { state: 'proof', receipt, signature };
}
