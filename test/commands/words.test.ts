import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../source/commands/duration.ts';
import { flagOf } from '../../source/commands/flags.ts';
import { nearest } from '../../source/commands/nearest.ts';
import { sceneNames } from '../../source/sandbox/scenes.ts';

describe('nearest', () => {
  const names = ['nodes', 'node', 'label', 'taint', 'cordon', 'uncordon', 'undo', 'journal', 'sandbox'];
  it.each([
    ['nods', 'nodes'],
    ['ndoe', 'node'],
    ['tiant', 'taint'],
    ['labels', 'label'],
    ['jour', 'journal'],
    ['sand', 'sandbox'],
    ['un', null],
    ['fly', null],
    ['', null],
    ['x', null],
  ])('%s → %s', (word, wanted) => expect(nearest(word, names)).toBe(wanted));

  it('finds a name from any one wrong letter', () => {
    const longNames = names.filter((name) => name.length > 5);
    fc.assert(
      fc.property(fc.constantFrom(...longNames), fc.nat(), (name, at) => {
        const place = at % name.length;
        expect(nearest(`${name.slice(0, place)}%${name.slice(place + 1)}`, longNames)).toBe(name);
      }),
    );
  });
});

describe('parseDuration', () => {
  it.each([
    ['30s', 30_000],
    ['500ms', 500],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
    ['0s', null],
    ['', null],
    ['30', null],
    ['s', null],
    ['-5s', null],
    ['5 s', null],
    ['5w', null],
    ['99999999999999999999d', null],
  ])('%s → %s', (text, wanted) => expect(parseDuration(text)).toBe(wanted));
});

it('the help of --scene names every scene', () => {
  for (const name of sceneNames()) expect(flagOf('scene').help).toContain(name);
});
