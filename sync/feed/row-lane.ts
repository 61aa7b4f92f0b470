import { AccountRow, CardRow } from '../model/card.ts';
import { ChainDocument } from '../model/chain.ts';
import { MemberRow } from '../model/member.ts';

/** Rows that travel in full: everything but balances, and a balance's account once, when it is new. */
export interface LaneRows {
  documents: ChainDocument[];
  members: MemberRow[];
  cards: CardRow[];
  accounts: AccountRow[];
}

export const emptyLaneRows = (): LaneRows => ({ documents: [], members: [], cards: [], accounts: [] });

export const countLaneRows = (rows: LaneRows): number =>
  rows.documents.length + rows.members.length + rows.cards.length + rows.accounts.length;

const FORM = 'counterfoil-rows 1';
const LETTERS = { d: 'documents', m: 'members', c: 'cards', a: 'accounts' } as const;
type Letter = keyof typeof LETTERS;

/** Nearly nobody has extras: what is empty is left out, and read as such. */
const lean = (row: object): object => ('extras' in row && row.extras === '' ? { extras: undefined } : {});

/**
 * One row a line: a letter for its kind, then JSON. `seq` is left out, because all rows of a lane are of the
 * instant that the segment names.
 */
export function encodeRows(rows: LaneRows): string {
  const lines = [FORM];
  for (const [letter, kind] of Object.entries(LETTERS)) {
    for (const row of rows[kind])
      lines.push(letter + JSON.stringify({ ...row, seq: undefined, ...lean(row) }));
  }
  return `${lines.join('\n')}\n`;
}

/**
 * @param seq the segment's `toSeq`: every row gets it
 * @throws When the text is no row lane of this form, or a row is not of its shape.
 */
export function decodeRows(text: string, seq: number): LaneRows {
  const lines = text.split('\n');
  if (lines[0] !== FORM || lines.at(-1) !== '') throw new Error('row lane: another form');
  const rows = emptyLaneRows();
  for (const line of lines.slice(1, -1)) {
    const row: unknown = { ...(JSON.parse(line.slice(1)) as object), seq };
    switch (line.charAt(0) as Letter) {
      case 'd':
        rows.documents.push(ChainDocument.parse(row));
        break;
      case 'm':
        rows.members.push(MemberRow.parse(row));
        break;
      case 'c':
        rows.cards.push(CardRow.parse(row));
        break;
      case 'a':
        rows.accounts.push(AccountRow.parse(row));
        break;
      default:
        // Passing over what is not known would leave a hole behind the cursor.
        throw new Error('row lane: a kind of row that this program does not know');
    }
  }
  return rows;
}
