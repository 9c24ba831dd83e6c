import { describe, expect, test } from 'vitest';
import type { Loss } from '../../source/model/headroom/loss.ts';
import { absent, known } from '../../source/model/reading.ts';
import {
  asideWords,
  fateWords,
  leavingWords,
  lossClauses,
  movesWords,
  roomWords,
  shortLeft,
} from '../../source/state/headroom-words.ts';
import { makePod } from './made.ts';

const GIB = 2 ** 30;
const [one, two] = [makePod({ uid: 'one' }), makePod({ uid: 'two' })];
const movesOf = (...pods: readonly (typeof one)[]) => pods.map((pod) => ({ pod, to: 'b' }));
const lossOf = (given: Partial<Loss>): Loss => ({
  node: 'a',
  vanishing: 0,
  moved: [],
  pending: [],
  bound: [],
  unowned: [],
  untold: [],
  leaving: [],
  fits: true,
  open: 2,
  left: known({ cpu: 1_500, memory: 3 * GIB, ephemeralStorage: 0, pods: 9 }),
  unmodelled: [],
  ...given,
});

test.each([
  [{ cpu: 11_290, memory: 38 * GIB }, '11.2 cores and 38Gi'],
  [{ cpu: 1_000, memory: 0 }, '1 core and 0 bytes'],
  [{ cpu: null, memory: GIB }, '? cores and 1Gi'],
  [{ cpu: -500, memory: null }, '-0.5 cores and ?'],
])('room of %j', (room, words) => expect(roomWords(room)).toBe(words));

describe('a loss', () => {
  test.each<[Partial<Loss>, string]>([
    [{}, 'no pod must move'],
    [{ moved: movesOf(one) }, '1 pod must move and finds room'],
    [{ moved: movesOf(one, two) }, '2 pods must move and find room'],
    [{ moved: movesOf(one), pending: [two] }, '2 pods must move'],
  ])('who must move: %#', (given, words) => expect(movesWords(lossOf(given))).toBe(words));

  test('what goes wrong, the worst first, in short and with its reason', () => {
    const words = fateWords(lossOf({ pending: [one, two], bound: [one], unowned: [one], untold: [one, two] }));
    expect(words.map(({ long }) => long)).toEqual([
      '2 pods would stay Pending: no other node takes them',
      '1 pod cannot move: its volume is on the node',
      '1 pod would be gone: no controller makes it anew',
      '2 pods may or may not move: their claims and volumes cannot be read',
    ]);
    for (const { short, long } of words) expect(long.startsWith(`${short}: `)).toBe(true);
  });

  test.each<[Partial<Loss>, string]>([
    [{}, '1.5 cores, 3Gi left'],
    [{ open: 0 }, 'no open node left'],
    [{ left: absent('no node here says what it offers') }, '? left: no node here says what it offers'],
  ])('what is left: %#', (given, words) => {
    expect(shortLeft(lossOf(given))).toBe(words);
    expect(lossClauses(lossOf(given)).at(-1)).toContain(words.replace(', ', ' and '));
  });
});

test('what was not looked at is said where a pod asks for it', () => {
  expect(asideWords('this pod asks', [])).toBeNull();
  expect(asideWords('this pod asks', ['another scheduler', 'resource claims'])).toBe(
    'this pod asks for another scheduler and resource claims, which is not looked at',
  );
});

test('pods that are being deleted already are told as such', () => {
  expect(leavingWords({ leaving: [] })).toBeNull();
  expect(leavingWords({ leaving: [one] })).toBe('1 pod is being deleted already, and waits for the node to end it');
  expect(leavingWords({ leaving: [one, two] })).toBe(
    '2 pods are being deleted already, and wait for the node to end them',
  );
});
