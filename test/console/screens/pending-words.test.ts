import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paneRows, shortReason } from '../../../source/console/screens/pending/pending-words.ts';
import { spansWidth } from '../../../source/console/widgets/spans.ts';
import { createStore } from '../../../source/state/store.ts';
import { fullCluster, PENDING } from '../full-cluster.ts';
import { glanceOf } from '../glance-of.ts';
import { NOON } from '../made-cluster.ts';

describe('the reason of the scheduler in short', () => {
  test.each([
    [null, 'the scheduler has not said why yet'],
    ['', 'the scheduler has not said why yet'],
    ['0/3 nodes are available: 3 Insufficient cpu.', '3 short of cpu'],
    [
      "0/6 nodes are available: 1 node(s) were unschedulable, 2 node(s) had taint {node-role.kubernetes.io/infra: }, that the pod didn't tolerate, 3 node(s) didn't match node selector.",
      '1 cordoned, 2 taint infra, 3 labels',
    ],
    ['0/2 nodes are available: 2 node(s) had untolerated taint {gpu: yes}. preemption: none', '2 taint gpu'],
    ["0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind.", '2 no volume free'],
    ['0/2 nodes are available: 2 node(s) had something new.', '2 had something new'],
    ['0/3 nodes are available: 1 x, 2 y. preemption: 0/3 nodes are available: 3 No victims.', '1 x, 2 y'],
    ['0/3 nodes are available: 1 x   preemption: none', '1 x'],
    ['preemption: none', 'preemption: none'],
    ['another scheduler says so', 'another scheduler says so'],
  ])('%j', (unscheduled, short) => expect(shortReason({ unscheduled })).toBe(short));

  test.each([' ', '. ', '1', '1/', 'node(s) had taint {', '{: ', 'node(s) '])(
    'takes no longer than its length asks for: %j fifty thousand times',
    (piece) => {
      const before = performance.now();
      shortReason({ unscheduled: `${piece.repeat(50_000)}x` });
      expect(performance.now() - before).toBeLessThan(500);
    },
  );
});

describe('all that is said of a pending pod', () => {
  const glance = glanceOf(createStore(fullCluster()), NOON);
  const contextOf = (width: number) => ({
    ...glance,
    now: NOON,
    width,
  });
  const pods = PENDING.map((pod) => ({ ...pod, name: `${pod.name}-${'of-a-very-long-name-'.repeat(5)}` }));
  const textsOf = (width: number) =>
    pods.map((pod) => paneRows(pod, contextOf(width)).map((spans) => spans.map(({ text }) => text).join('')));
  const letters = (texts: readonly string[]): string => texts.join('').replace(/\s/g, '');

  test('is wrapped at every width: no row is wider than the screen, and no character is lost', () => {
    const whole = textsOf(2_000).map(letters);
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 220 }), (width) => {
        expect(textsOf(width).map(letters)).toEqual(whole);
        for (const pod of pods)
          for (const row of paneRows(pod, contextOf(width))) expect(spansWidth(row)).toBeLessThanOrEqual(width);
      }),
      { examples: [[80]] },
    );
  });
});
