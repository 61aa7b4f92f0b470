import { expect, test } from 'vitest';
import { MessageTemplate, renderMessage, type MessageValues } from '../../../../sync/model/template.ts';

const VALUES: MessageValues = {
  firstName: 'Wei Ling',
  lastName: 'Tan',
  name: 'Wei Ling Tan',
  chain: 'Harbour Coffee',
  unsubscribe: 'https://x.example/u/1',
};
const template = (changes: Partial<MessageTemplate> = {}): MessageTemplate => ({
  templateId: 'news',
  version: 1,
  name: 'News',
  channel: 'email',
  purpose: 'marketing',
  subject: 'Hello',
  body: 'Dear {{ firstName }}, {{name}} of {{chain}}. {{unsubscribe}}',
  isRetired: false,
  ...changes,
});

test('placeholders are filled, and a marketing e-mail always ends with the way out', () => {
  expect(renderMessage(template(), VALUES).body).toBe(
    'Dear Wei Ling, Wei Ling Tan of Harbour Coffee. https://x.example/u/1',
  );
  expect(renderMessage(template({ body: 'Hi' }), VALUES).body).toBe('Hi\n\nhttps://x.example/u/1');
  expect(renderMessage(template({ body: 'Hi', purpose: 'service' }), VALUES).body).toBe('Hi');
  expect(renderMessage(template({ body: 'Hi', channel: 'sms' }), VALUES).body).toBe('Hi');
});

test('a template with a placeholder that there is not, or a subject of two lines, is none', () => {
  const isOne = (changes: Partial<MessageTemplate>): boolean =>
    MessageTemplate.safeParse(template(changes)).success;
  expect(isOne({})).toBe(true);
  expect(isOne({ body: 'line one\n\tline two' })).toBe(true);
  const bad: Partial<MessageTemplate>[] = [
    ...[{ body: '{{password}}' }, { subject: '{{notes}}' }, { subject: 'a\r\nBcc: x@evil.example' }],
    ...[{ subject: 'a\nb' }, { body: 'a\0b' }, { body: 'a\rb' }, { body: '' }, { body: 'x'.repeat(2_001) }],
    ...[{ subject: 'a\u2028b' }, { templateId: 'Ä b' }, { body: '\ud800' }],
  ];
  expect(bad.filter(isOne)).toEqual([]);
});

/** What breaks out of a line, a header, a page or a placeholder, in every combination. */
function nastyStrings(): string[] {
  const starts = ['\r\n', '\n', '\r', '\u2028', '\u0085', '%0d%0a', '\0', '\t', '\\r\\n', '\v'];
  const rests = [
    ...['Bcc: a@evil.example', 'Subject: other', 'Content-Type: text/html', '<script>alert(1)</script>'],
    ...['<img src=x onerror=alert(1)>', '"><svg onload=alert(1)>', '{{chain}}', '{{{{name}}}}', '${7*7}'],
    ...[
      'javascript:alert(1)',
      '.\r\nQUIT',
      '=?utf-8?q?x?=',
      '\u202eevil',
      "';drop table members;--",
      '=cmd|x',
    ],
  ];
  return starts.flatMap((start) => rests.map((rest) => `Ann${start}${rest}`));
}

test('no value ends a line, steers a terminal or becomes a placeholder, in 150 strings', () => {
  const strings = nastyStrings();
  expect(strings.length).toBeGreaterThanOrEqual(150);
  for (const firstName of strings) {
    const shape = template({ subject: 'To {{firstName}}', body: 'Dear {{firstName}}', purpose: 'service' });
    const { subject, body } = renderMessage(shape, { ...VALUES, firstName });
    expect(`${subject}${body}`, JSON.stringify(firstName)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    expect(`${subject}${body}`).not.toContain('Harbour');
  }
});
