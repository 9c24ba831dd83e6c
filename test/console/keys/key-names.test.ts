import type { Key } from 'ink';
import { expect, test } from 'vitest';
import { keyNames } from '../../../source/console/keys/key-names.ts';

const none: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

test.each<{ input: string; key: Partial<Key>; names: readonly string[] }>([
  { input: 'j', key: {}, names: ['j'] },
  { input: 'jjj', key: {}, names: ['j', 'j', 'j'] },
  { input: 'gg/wo rk', key: {}, names: ['g', 'g', '/', 'w', 'o', 'space', 'r', 'k'] },
  { input: 'é日', key: {}, names: ['é', '日'] },
  { input: '', key: { downArrow: true }, names: ['down'] },
  { input: '\r', key: { return: true }, names: ['enter'] },
  { input: 't \r', key: {}, names: ['t', 'space', 'enter'] },
  { input: '', key: { tab: true, shift: true }, names: ['shift-tab'] },
  { input: 'c', key: { ctrl: true }, names: ['ctrl-c'] },
  { input: '', key: { escape: true }, names: ['escape'] },
  { input: 'x', key: { meta: true }, names: ['escape', 'x'] },
  { input: '', key: { meta: true, escape: true }, names: ['escape', 'escape'] },
  { input: '\u0015zz=1', key: {}, names: ['ctrl-u', 'z', 'z', '=', '1'] },
  { input: '', key: {}, names: [] },
  { input: '\u0000\u0007', key: {}, names: ['ctrl-g'] },
])('$input with $key is $names', ({ input, key, names }) => {
  expect(keyNames(input, { ...none, ...key })).toEqual(names);
});
