import { expect, test } from 'vitest';
import { meaningOf } from '../../../source/console/keys/chords.ts';
import { KEY_TABLE, keysOf } from '../../../source/console/keys/key-table.ts';
import { SCOPES } from '../../../source/console/keys/scopes.ts';

test.each(SCOPES)('in %s no key stands for two commands', (scope) => {
  const keys = keysOf(scope, true).flatMap((entry) => entry.keys);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test.each(SCOPES)('in %s no two-key command hides a one-key one', (scope) => {
  const keys = keysOf(scope, true).flatMap((entry) => entry.keys);
  const firsts = keys
    .filter((key) => key.length === 2 && /^[a-zA-Z]+$/.test(key) && key !== 'up')
    .map((key) => key.charAt(0));
  expect(firsts.filter((first) => keys.includes(first))).toEqual([]);
});

test.each(SCOPES)('in %s one can leave: by Esc, or by Ctrl-C', (scope) => {
  const commands = ['escape', 'ctrl-c'].map((key) => meaningOf(scope, false, '', key).kind);
  expect(commands).toContain('command');
});

test('every scope has keys of its own besides those that work everywhere', () => {
  for (const scope of SCOPES.filter((scope) => scope !== 'running')) {
    expect(
      keysOf(scope, true).some(({ scopes }) => scopes !== 'everywhere'),
      scope,
    ).toBe(true);
  }
});

test('Esc never leads to a change', () => {
  for (const entry of KEY_TABLE) {
    if ((entry.keys as readonly string[]).includes('escape')) expect('writes' in entry, entry.command).toBe(false);
  }
});

test('what leads to a change is not offered when nothing can be written', () => {
  for (const scope of SCOPES) {
    expect(keysOf(scope, false).filter(({ writes }) => writes === true)).toEqual([]);
  }
});

test.each([
  { pending: '', key: 'j', meaning: { kind: 'command', command: 'down' } },
  { pending: '', key: 'g', meaning: { kind: 'prefix' } },
  { pending: 'g', key: 'g', meaning: { kind: 'command', command: 'first' } },
  { pending: 'g', key: 'j', meaning: { kind: 'command', command: 'down' } },
  { pending: '', key: 'Z', meaning: { kind: 'none' } },
])('$pending then $key in the list of nodes', ({ pending, key, meaning }) => {
  expect(meaningOf('nodes', true, pending, key)).toEqual(meaning);
});
