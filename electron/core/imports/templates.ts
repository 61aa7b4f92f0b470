import { CSV_START, csvLine } from '../../../sync/base/csv.ts';
import type { ImportReason } from '../../contract/import-reasons.ts';
import { reasonWords } from '../../contract/import-reasons.ts';
import { TEMPLATE } from './columns.ts';
import { writeXlsx } from './sheet/xlsx-writer.ts';

/** A row that shows how each column is filled in. */
const EXAMPLE: Readonly<Record<string, string>> = {
  full_name: 'Tan, Wei Ling',
  address_street_1: '12 Example Road',
  address_street_2: '#03-04',
  address_postal_code: '012345',
  address_city: 'Singapore',
  address_country: 'Singapore',
  notes: 'Prefers oat milk',
  email: 'wei.ling@example.org',
  phone_code: '65',
  phone_number: '61110001',
  date_of_birth: '17/03/1990',
  gender: 'female',
  prefix: 'Ms',
  mobile_number: '91110001',
  lookup_id: 'M-000123',
  allow_credit_transactions: 'FALSE',
  allow_account_transactions: 'FALSE',
  pdpa_consent: 'TRUE',
  marketing_materials_consent: 'FALSE',
};

export function makeTemplate(template: 'members-csv' | 'members-xlsx' | 'tags-csv'): {
  fileName: string;
  bytes: Buffer;
} {
  const header = TEMPLATE.map(({ name }) => name);
  const rows = [header, header.map((name) => EXAMPLE[name] ?? '')];
  switch (template) {
    case 'members-csv':
      return { fileName: 'members.csv', bytes: Buffer.from(CSV_START + rows.map(csvLine).join('')) };
    case 'members-xlsx':
      return { fileName: 'members.xlsx', bytes: writeXlsx(rows) };
    case 'tags-csv': {
      const tags = [
        ['lookup_id', 'mobile_number', 'email', 'tags'],
        ['M-000123', '', '', 'VIP;Birthday club'],
      ];
      return { fileName: 'tags.csv', bytes: Buffer.from(CSV_START + tags.map(csvLine).join('')) };
    }
  }
}

/** Header of the last column of rows that were not taken: left out where the mended file comes back. */
export const REASON_HEADER = 'reason';

/** A row that was not taken, with its reasons in the last cell. */
export const failedLine = (
  cells: readonly string[],
  codes: readonly ImportReason[],
  language: string,
): string => csvLine([...cells, codes.map((code) => `${code}: ${reasonWords(code, language)}`).join(' ')]);
