import { expect, test } from 'vitest';
import { findLines, isCode, listFiles, readText } from './tree.ts';

const PRODUCT = /^(crm|db|drivers|electron|renderer|sync)\//;
const code = listFiles().filter((path) => isCode(path) && PRODUCT.test(path));

/** A text in backquotes that speaks to a database. */
const SQL_TEXT =
  /`\s*(?:--[^\n]*\n\s*)?(?:select|insert\s+into|update|delete\s+from|with|pragma|vacuum|create|alter|drop|union)\b(?:[^`\\]|\\.)*`/gi;
const PUT_IN = /\$\{([^}]*)\}/g;
/**
 * What may stand in such a text: lists and names that the program itself has chosen. A word more is a decision; what
 * anybody typed, sent or scanned goes in as a value, never as text.
 */
const OWN_WORDS = [
  /^[A-Z][A-Z_]*(\[table\])?(\.join\(', '\)|\.map\(\(\) => '\?'\)\.join\(', '\)| - 1)?$/,
  /^(member|card|account|entry|close|receipt|stored)\.select$/,
  /^(table|columns\.table|column|id|name|names\.join\(', '\)|marks|inBulk|later|last|keySourceSelect|scope|template)$/,
  /^(names|columns)\.map\(\(\) => '\?'\)\.join\(', '\)$/,
  /^jsonTexts\('\$\d+'\)$/,
  // Of the list of all cards: a fixed text for each sort and condition, whose values are bound by name.
  /^(CARD_COLUMNS|KEYS\[scan\.sort\]|whichCards|direction)$/,
  /^hash === undefined \? '-1' : 'row_hash'$/,
  /^\['documents', 'members', 'cards'\]\.map\(newRows\)\.join\(' union all '\)$/,
];

/** Words put into texts of SQL that nobody has decided on. */
const strangersIn = (text: string): string[] =>
  [...text.matchAll(SQL_TEXT)]
    .flatMap(([sql]) => [...sql.matchAll(PUT_IN)].map(([, word = '']) => word))
    .filter((word) => !OWN_WORDS.some((own) => own.test(word)));

/** A text that goes on with something else than a text. */
const JOINED = /['"`]\s*\+\s*[A-Za-z(]|[\w)]\s*\+\s*['"`]/;
const ASKED = /\b(query|prepare|exec|pragma|rowsOf)\b.*\(/;

test('no SQL is put together from values (R-S5)', () => {
  const found = code.flatMap((path) => strangersIn(readText(path)).map((word) => `${path}: \${${word}}`));
  expect(found).toEqual([]);
  expect(findLines(code, (line) => ASKED.test(line) && JOINED.test(line))).toEqual([]);
});

test('the rule itself sees a value in a text of SQL', () => {
  const planted = [
    '`select a from b where c = ${request.name}`',
    '`\n  DELETE FROM t WHERE id = ${memberId}`',
  ];
  expect(planted.flatMap(strangersIn)).toEqual(['request.name', 'memberId']);
  expect(strangersIn('`select ${COLUMNS} from ${table}`')).toEqual([]);
});

/** Starts a core as a Node of its own, from a file of this program. */
const FORKING = ["electron/main/core-child.ts:1 import { fork } from 'node:child_process';"];

test('no shell is ever started, and nothing that is read is run (R-S5)', () => {
  const isRun = (line: string): boolean => /\beval\(|new Function\(|'node:vm'|\bshell: /.test(line);
  expect(findLines(code, isRun)).toEqual([]);
  const starting = findLines(code, (line) => line.includes('child_process'));
  expect(starting).toEqual(FORKING);
});
