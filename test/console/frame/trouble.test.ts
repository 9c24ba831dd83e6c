import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RESOURCES, type ResourceStatus } from '../../../source/model/cluster-event.ts';
import { emptyPicture } from '../../../source/state/picture.ts';
import { cellWidth } from '../../../source/text/width.ts';
import { createTheme } from '../../../source/console/theme.ts';
import { missingWords, troubleOf, troubleRows } from '../../../source/console/frame/trouble.ts';

const theme = createTheme({ colour: true, unicode: true });
const LIVE: ResourceStatus = { state: 'live' };
const failing = (why: string): ResourceStatus => ({ state: 'stale', since: 0, why });

const pictureOf = (given: Partial<Record<(typeof RESOURCES)[number], ResourceStatus>>) => {
  const status = { nodes: LIVE, pods: LIVE, events: LIVE, ...given };
  const view = (resource: (typeof RESOURCES)[number]) => ({ status: status[resource], heardAt: null });
  return { resources: { nodes: view('nodes'), pods: view('pods'), events: view('events') } };
};

const rowsOf = (why: string, width: number, rows: number): readonly string[] =>
  troubleRows(pictureOf({ nodes: failing(why) }), { width, rows }, theme).map(stripVTControlCharacters);

describe('the sentence about what is wrong', () => {
  test.each([
    ['nothing', {}, null],
    ['a list under way', { nodes: { state: 'loading', loaded: 0, total: null } }, null],
    ['pods', { pods: failing('no pods') }, { sentence: 'no pods', severity: 'warning' }],
    ['events', { events: { state: 'absent', why: 'no events' } }, { sentence: 'no events', severity: 'warning' }],
    ['all', { nodes: failing('a'), pods: failing('b'), events: failing('c') }, { sentence: 'a', severity: 'critical' }],
  ] as const)('%s', (_, given, wanted) => expect(troubleOf(pictureOf(given))).toEqual(wanted));

  test('what was not asked yet is nothing wrong', () => expect(troubleOf(emptyPicture())).toBeNull());

  test('is whole on 80 columns, and cut to a row on a small terminal', () => {
    const sentence = Array.from({ length: 20 }, (_, index) => `word-${String(index)}`).join(' ');
    const rows = rowsOf(sentence, 80, 24);
    expect(rows.map((row) => row.slice(3).trim()).join(' ')).toBe(sentence);
    const small = rowsOf(sentence, 40, 10);
    expect(small).toEqual([expect.stringMatching(/^ X word-0 .*…$/)]);
  });

  test('is as wide as the screen, whatever it says and however wide that is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 30, max: 200 }),
        fc.integer({ min: 8, max: 60 }),
        (why, width, rows) => {
          const drawn = rowsOf(why, width, rows);
          expect(drawn.length).toBeLessThanOrEqual(3);
          for (const row of drawn) expect(cellWidth(row)).toBe(width);
        },
      ),
    );
  });
});

test.each([
  [LIVE, null],
  [failing('x'), null],
  [{ state: 'loading', loaded: 3, total: null }, 'pods being read'],
  [{ state: 'denied', right: 'list\u001b pods', why: 'x' }, 'no right to list\\x1b pods'],
  [{ state: 'absent', why: 'x' }, 'pods not known'],
] as const)('in place of what is missing: %j', (status, words) => expect(missingWords('pods', status)).toBe(words));
