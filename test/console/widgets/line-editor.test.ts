import fc from 'fast-check';
import { expect, test } from 'vitest';
import { edited, emptyLine, lineOf, textOf, typed, type Line } from '../../../source/console/widgets/line-editor.ts';

const pressed = (start: Line, keys: readonly string[]): string => {
  const { before, after } = keys.reduce(edited, start);
  return `${before}|${after}`;
};

test.each([
  { keys: ['a', 'b', 'space', 'c'], line: 'ab c|' },
  { keys: ['a', 'b', 'left', 'x'], line: 'ax|b' },
  { keys: ['a', 'b', 'home', 'delete'], line: '|b' },
  { keys: ['a', 'b', 'left', 'ctrl-k'], line: 'a|' },
  { keys: ['a', 'b', 'left', 'ctrl-u'], line: '|b' },
  { keys: ['a', 'space', 'b', 'c', 'ctrl-w'], line: 'a |' },
  { keys: ['日', '本', 'backspace'], line: '日|' },
  { keys: ['a', 'pageup', 'f5', 'b'], line: 'ab|' },
])('$keys gives $line', ({ keys, line }) => {
  expect(pressed(emptyLine, keys)).toBe(line);
});

test('backspace takes a whole grapheme', () => {
  expect(pressed(lineOf('e\u0301'), ['backspace'])).toBe('|');
});

const anyKey = fc.oneof(
  fc.constantFrom(
    'left',
    'right',
    'home',
    'end',
    'backspace',
    'delete',
    'ctrl-a',
    'ctrl-e',
    'ctrl-k',
    'ctrl-u',
    'ctrl-w',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
);

test('movements never change the text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.array(fc.constantFrom('left', 'right', 'home', 'end')),
      (text, keys) => {
        expect(textOf(keys.reduce(edited, lineOf(text)))).toBe(text);
      },
    ),
  );
});

test('no key and no paste brings a control character into the line', () => {
  fc.assert(
    fc.property(fc.array(anyKey), fc.string({ unit: 'binary' }), (keys, pasted) => {
      expect(textOf(typed(keys.reduce(edited, emptyLine), pasted))).not.toMatch(/\p{Cc}/u);
    }),
  );
});

test('a line does not grow without end', () => {
  expect(textOf(typed(lineOf('x'.repeat(1000)), 'y'.repeat(1000)))).toBe('x'.repeat(1000));
});
