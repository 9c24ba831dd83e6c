import { expect, test } from 'vitest';
import { createTheme, STYLE_NAMES, themeOptionsOf } from '../../source/console/theme.ts';

test.each([
  { environment: { TERM: 'xterm-256color', LANG: 'en_US.UTF-8' }, options: { colour: true, unicode: true } },
  { environment: { TERM: 'xterm', LANG: 'C' }, options: { colour: true, unicode: false } },
  { environment: { TERM: 'xterm', LC_ALL: 'C', LANG: 'de_DE.UTF-8' }, options: { colour: true, unicode: false } },
  { environment: { TERM: 'xterm', LC_CTYPE: 'C.utf8' }, options: { colour: true, unicode: true } },
  { environment: { NO_COLOR: '1', LANG: 'en_US.UTF-8' }, options: { colour: false, unicode: true } },
  { environment: { NO_COLOR: '', LANG: 'en_US.UTF-8' }, options: { colour: true, unicode: true } },
  { environment: { TERM: 'dumb' }, options: { colour: false, unicode: false } },
])('$environment gives $options', ({ environment, options }) => {
  expect(themeOptionsOf(environment)).toEqual(options);
});

test('without colour no style writes a colour', () => {
  const theme = createTheme({ colour: false, unicode: true });
  for (const name of STYLE_NAMES) expect(theme[name]('x'), name).not.toMatch(/\u001b\[(3|4|9|10)\d/u);
});

test('no style touches the background', () => {
  const theme = createTheme({ colour: true, unicode: true });
  for (const name of STYLE_NAMES) expect(theme[name]('x'), name).not.toMatch(/\u001b\[(4|10)[0-8]/u);
});
