import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wholeOf } from '../../../source/checks/verdict/cluster.ts';
import { absentArea, judged } from '../../../source/checks/verdict/judged.ts';
import { VERDICTS, type Area, type AreaVerdict, type Verdict } from '../../../source/checks/verdict/verdict.ts';
import { verdictRow } from '../../../source/console/frame/verdict.ts';
import { createTheme } from '../../../source/console/theme.ts';
import type { ResourceStatus } from '../../../source/model/cluster-event.ts';
import { createStore } from '../../../source/state/store.ts';
import { cellWidth } from '../../../source/text/width.ts';

/** Nothing but text. */
const plainTheme = { ...createTheme({ colour: false, unicode: true }), critical: (text: string) => text };
const healthy: readonly AreaVerdict[] = [
  judged('control-plane', 'control plane ok 8ms', []),
  judged('etcd', 'etcd 3 of 3, can lose 1', []),
  judged('nodes', 'nodes 6 of 6 ready', []),
  judged('certificates', 'certificates 41d', []),
  judged('backup', 'backup 6h ago', []),
  absentArea('alerts', 'not read by this version'),
];
const withFound = (...found: readonly (readonly [Area, Verdict, string])[]): readonly AreaVerdict[] =>
  healthy.map((area) => {
    const here = found.find(([name]) => name === area.area);
    return here === undefined ? area : judged(area.area, area.sentence, [{ severity: here[1], sentence: here[2] }]);
  });
const drawn = (
  areas: readonly AreaVerdict[],
  width: number,
  { pods, theme = plainTheme }: { readonly pods?: ResourceStatus; readonly theme?: typeof plainTheme } = {},
): string => {
  const { state } = createStore(pods && [{ type: 'status', at: 0, resource: 'pods', status: pods }]);
  return verdictRow({ cluster: state, verdict: () => wholeOf(areas), width, theme });
};

describe('the second line of every screen', () => {
  it('has a clause for each area in their order, and what is absent last', () => {
    expect(drawn(healthy, 160).trimEnd()).toBe(
      ' control plane ok 8ms   etcd 3 of 3, can lose 1   nodes 6 of 6 ready   certificates 41d   backup 6h ago   alerts: not read by this version',
    );
  });

  it('leaves away whole clauses that have no room when all is well', () => {
    expect(drawn(healthy, 120).trimEnd()).toMatch(/backup 6h ago$/);
    expect(drawn(healthy, 80).trimEnd()).toBe(' control plane ok 8ms   etcd 3 of 3, can lose 1   nodes 6 of 6 ready');
  });

  it('keeps their order while all have room, with a sign at what is wrong', () => {
    const areas = withFound(['nodes', 'degraded', 'a lost'], ['backup', 'unknown', 'x']);
    expect(drawn(areas, 130).trimEnd()).toBe(
      ' control plane ok 8ms   etcd 3 of 3, can lose 1   ! nodes 6 of 6 ready: a lost   certificates 41d   ? backup 6h ago: x',
    );
  });

  it('puts the worst first where there is too little room', () => {
    const areas = withFound(
      ['backup', 'at-risk', 'none'],
      ['nodes', 'degraded', 'a lost'],
      ['etcd', 'unknown', 'dark'],
    );
    expect(drawn(areas, 80).trimEnd()).toBe(
      ' X backup 6h ago: none   ! nodes 6 of 6 ready: a lost   ? etcd 3 of 3, can lose…',
    );
    expect(drawn(areas, 30)).toBe(' X backup 6h ago: none   ! no…');
  });

  it('has a colour for what is wrong alone', () => {
    const theme = createTheme({ colour: true, unicode: true });
    const areas = withFound(['etcd', 'at-risk', 'x'], ['nodes', 'degraded', 'y'], ['backup', 'unknown', 'z']);
    const row = drawn(areas, 160, { theme });
    expect(row).toContain('\u001b[31mX etcd 3 of 3, can lose 1: x\u001b[39m');
    expect(row).toContain('\u001b[33m! nodes 6 of 6 ready: y\u001b[39m');
    expect(row).toContain('\u001b[2m? backup 6h ago: z\u001b[22m');
    expect(drawn(healthy, 100, { theme })).not.toContain('\u001b');
  });

  it('says that pods are still being read', () => {
    const pods = { state: 'loading', loaded: 500, total: 3000 } as const;
    expect(drawn(healthy, 160, { pods })).toMatch(/ {3}~ reading the pods, 500 of 3000/);
    expect(drawn(healthy, 160, { pods: { ...pods, total: null } })).toMatch(/~ reading the pods, 500 /);
  });

  it('is one row of its width whatever the sentences hold', () => {
    const text = fc.string({ unit: fc.constantFrom('\u001b', '[2J', '\n', '\u202e', 'a', '字', ' '), maxLength: 300 });
    const of = fc.constantFrom(...healthy.map(({ area }) => area));
    const found = fc.tuple(of, fc.constantFrom(...VERDICTS), text);
    fc.assert(
      fc.property(fc.array(found, { maxLength: 4 }), fc.integer({ min: 1, max: 250 }), (all, width) => {
        const row = drawn(withFound(...all), width);
        expect(row).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
        expect(cellWidth(row)).toBe(width);
      }),
    );
  });
});
