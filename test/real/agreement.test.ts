// The table of docs/agreement.md as text: what is written can be read again, and areas do not disturb each other.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readAgreement, recordAgreement, writeAgreement, type AgreementRow } from './agreement.ts';

const EMPTY = 'Before.\n\n<!-- agreement -->\n<!-- /agreement -->\n\nAfter.\n';
const row = (figure: string, more: Partial<AgreementRow> = {}): AgreementRow => ({
  figure,
  judge: 'kubectl',
  cases: 100,
  differences: 0,
  note: '',
  ...more,
});

test('what is written can be read again, hostile text too', () => {
  const hostile = row('a | b', { note: '$& and `code`', differences: 2 });
  const document = writeAgreement(EMPTY, 'requests', [row('memory'), hostile]);
  expect(readAgreement(document)).toEqual([
    { area: 'requests', ...hostile },
    { area: 'requests', ...row('memory') },
  ]);
  expect(document.startsWith('Before.\n')).toBe(true);
  expect(document.endsWith('\nAfter.\n')).toBe(true);
});

test('an area replaces its own rows and leaves those of others', () => {
  const first = writeAgreement(writeAgreement(EMPTY, 'a', [row('x')]), 'b', [row('y')]);
  const second = writeAgreement(first, 'a', [row('z', { cases: 3 })]);
  expect(readAgreement(second).map(({ area, figure }) => [area, figure])).toEqual([
    ['a', 'z'],
    ['b', 'y'],
  ]);
  expect(writeAgreement(second, 'a', [row('z', { cases: 3 })])).toBe(second);
});

test('a document without the markers is refused', () => {
  expect(() => readAgreement('# Nothing')).toThrow('has no <!-- agreement -->');
});

test('the committed document can be read, and a figure that it does not have is told', () => {
  const document = readFileSync(new URL('../../docs/agreement.md', import.meta.url), 'utf8');
  for (const { figure, judge, cases } of readAgreement(document))
    expect([figure, judge, cases > 0]).toEqual([figure, judge, true]);
  if (process.env['UPDATE_AGREEMENT'] !== '1')
    expect(() => recordAgreement('no such area', [row('unheard of')])).toThrow('unheard of by kubectl');
});
