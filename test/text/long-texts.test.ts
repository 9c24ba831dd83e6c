import { describe, expect, test } from 'vitest';
import { MOST_VISIBLE, visible } from '../../source/text/visible.ts';
import { cellWidth, fit } from '../../source/text/width.ts';
import { wrapped } from '../../source/console/widgets/spans.ts';
import { LONG_TEXTS } from '../long-texts.ts';
import { spent } from '../spent.ts';

/** Processor time, ms: many times what it takes, and a small part of what reading such a text to its end takes. */
const MOST = 150;

describe.each(Object.entries(LONG_TEXTS))('a megabyte of %s', (_, text) => {
  test.each([
    { what: 'made visible', work: () => visible(text) },
    { what: 'fitted as it is', work: () => fit(text, 200) },
    { what: 'fitted', work: () => fit(visible(text), 200) },
    { what: 'measured', work: () => cellWidth(visible(text)) },
    { what: 'wrapped', work: () => wrapped(visible(text), 190) },
  ])('$what', ({ work }) => {
    expect(spent(work)).toBeLessThan(MOST);
  });

  test('says that it is cut, once and not again', () => {
    const shown = visible(text);
    expect(shown.length).toBeLessThanOrEqual(MOST_VISIBLE);
    expect(shown).toMatch(/…$/);
    expect(visible(shown)).toBe(shown);
    expect(shown).not.toMatch(/\p{Surrogate}/u);
  });

  test('begins as the text does', () => {
    const few = text.slice(0, 300);
    const kept = visible(few).slice(0, 200);
    expect(visible(text).startsWith(kept)).toBe(true);
  });
});

test.each([MOST_VISIBLE - 1, MOST_VISIBLE])('a text of %i is shown whole', (length) => {
  for (const unit of ['x', '漢']) expect(visible(unit.repeat(length))).toBe(unit.repeat(length));
});
