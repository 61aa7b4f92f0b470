import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';
import { expect, test } from 'vitest';

/** Attributes and props whose text somebody reads or hears. */
const READ = new Set([
  'aria-label',
  'aria-description',
  'aria-placeholder',
  'aria-roledescription',
  'aria-valuetext',
  'alt',
  'label',
  'title',
  'placeholder',
  'detail',
  'hint',
  'lead',
  'brand',
  'what',
  'advice',
]);
/** The same in every language: languages' own names, the demo's people, keys; examples of addresses. */
const NAMES = new Set([
  ...['English', '简体中文', 'cashier', 'manager', 'supervisor', 'PIN', 'Esc', 'Enter', 'Ctrl'],
  ...['/dev/ttyACM0, COM3', 'https://crm.example.com'],
]);

type Node = { readonly type?: string; readonly [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
const hasLetters = (text: string): boolean => /\p{L}{2,}/u.test(text) && !NAMES.has(text.trim());

/** Texts in an expression that come out of it as they stand: of a choice either, of a template its own words. */
function textsOf(value: unknown): string[] {
  if (!isNode(value)) return [];
  switch (String(value['type'])) {
    case 'StringLiteral':
      return [String(value['value'])];
    case 'TemplateLiteral':
      return (value['quasis'] as Node[]).map((quasi) => String(quasi['raw']));
    case 'ConditionalExpression':
      return [...textsOf(value['consequent']), ...textsOf(value['alternate'])];
    case 'BinaryExpression':
      return /^(?:&&|\|\||\?\?|\+)$/.test(String(value['operator']))
        ? [...textsOf(value['left']), ...textsOf(value['right'])]
        : [];
    case 'ParenthesisExpression':
    case 'JSXExpressionContainer':
      return textsOf(value['expression']);
    default:
      return [];
  }
}

/** What a component shows that no catalogue has. */
export function bareTextsIn(code: string): string[] {
  const found: string[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(walk);
    if (!isNode(node)) return;
    if (node['type'] === 'JSXText') found.push(String(node['value']));
    if (node['type'] === 'JSXAttribute') {
      const name = String((node['name'] as Node)['value']);
      if (READ.has(name)) found.push(...textsOf(node['value']));
    }
    if (node['type'] === 'JSXElement' || node['type'] === 'JSXFragment')
      for (const child of node['children'] as Node[])
        if (child['type'] === 'JSXExpressionContainer') found.push(...textsOf(child));
    Object.values(node).forEach(walk);
  };
  walk(parseSync(code, { syntax: 'typescript', tsx: true }));
  return found.map((text) => text.trim()).filter(hasLetters);
}

test('a bare text is found wherever somebody would read it', () => {
  const of = (jsx: string): string[] => bareTextsIn(`const a = (b: boolean) => ${jsx};`);
  expect(of('<p>Nothing here</p>')).toEqual(['Nothing here']);
  expect(of('<p>member</p>')).toEqual(['member']);
  expect(of(`<p>{b ? 'Yes' : "No"}</p>`)).toEqual(['Yes', 'No']);
  expect(of('<>{b && `of ${b} cards`}</>')).toEqual(['of', 'cards']);
  expect(of('<Button label="Close" />')).toEqual(['Close']);
  expect(of(`<input placeholder={'Name'} aria-label={b ? 'All of it' : t('x.y')} />`)).toEqual([
    'Name',
    'All of it',
  ]);
  expect(of(`<p className="big" data-testid="words">{t('home.title')} · {b}</p>`)).toEqual([]);
});

test('every text of a component comes from the catalogue', () => {
  const root = join(import.meta.dirname, '../../../../renderer');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.tsx'),
  );
  const bare = files.flatMap((path) =>
    bareTextsIn(readFileSync(join(root, path), 'utf8')).map((text) => `${path}: ${text}`),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(bare).toEqual([]);
});
