import { crc32, deflateRawSync } from 'node:zlib';

interface Part {
  path: string;
  text: string;
}

const escape = (text: string): string =>
  text.replace(
    /[&<>"]/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign,
  );

function columnName(at: number): string {
  const letter = String.fromCharCode(65 + (at % 26));
  return at < 26 ? letter : columnName(Math.floor(at / 26) - 1) + letter;
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const LINKS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

function sheetText(rows: readonly (readonly string[])[]): string {
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const lines = rows.map((row, rowAt) => {
    const cells = row.map((text, at) => {
      const place = `${columnName(at)}${rowAt + 1}`;
      return `<c r="${place}" s="1" t="inlineStr"><is><t xml:space="preserve">${escape(text)}</t></is></c>`;
    });
    return `<row r="${rowAt + 1}">${cells.join('')}</row>`;
  });
  return (
    `${HEAD}<worksheet xmlns="${MAIN}"><cols><col min="1" max="${columns}" width="24" style="1" customWidth="1"/></cols>` +
    `<sheetData>${lines.join('')}</sheetData></worksheet>`
  );
}

const STYLES =
  `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>` +
  `<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>` +
  `<cellXfs count="2"><xf/><xf numFmtId="49" applyNumberFormat="1"/></cellXfs></styleSheet>`;

const partsOf = (sheet: string): Part[] => [
  {
    path: '[Content_Types].xml',
    text:
      `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>` +
      `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
      `<Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/>` +
      `<Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/>` +
      `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPES}.worksheet+xml"/></Types>`,
  },
  {
    path: '_rels/.rels',
    text:
      `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" ` +
      `Type="${LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  },
  {
    path: 'xl/workbook.xml',
    text:
      `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${LINKS}"><sheets>` +
      `<sheet name="Members" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  },
  {
    path: 'xl/_rels/workbook.xml.rels',
    text:
      `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">` +
      `<Relationship Id="rId1" Type="${LINKS}/worksheet" Target="worksheets/sheet1.xml"/>` +
      `<Relationship Id="rId2" Type="${LINKS}/styles" Target="styles.xml"/></Relationships>`,
  },
  { path: 'xl/styles.xml', text: STYLES },
  { path: 'xl/worksheets/sheet1.xml', text: sheet },
];

/** A zip archive of a few small parts. */
export function writeZip(parts: readonly Part[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const { path, text } of parts) {
    const [name, plain] = [Buffer.from(path), Buffer.from(text)];
    const packed = deflateRawSync(plain);
    // Version, UTF-8 names, deflated, no time; 33 is the first day that the format knows.
    const facts = Buffer.alloc(26);
    for (const [value, place] of [
      [20, 0],
      [0x800, 2],
      [8, 4],
      [33, 8],
      [name.length, 22],
    ] as const)
      facts.writeUInt16LE(value, place);
    for (const [value, place] of [
      [crc32(plain), 10],
      [packed.length, 14],
      [plain.length, 18],
    ] as const)
      facts.writeUInt32LE(value, place);
    local.push(Buffer.from('PK\x03\x04', 'latin1'), facts, name, packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    central.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, rest, name);
    at += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...local, directory, end]);
}

/** A workbook of one sheet whose columns are text, so that a leading zero stays. */
export const writeXlsx = (rows: readonly (readonly string[])[]): Buffer => writeZip(partsOf(sheetText(rows)));
