import { describe, expect, test } from 'vitest';
import { RESOURCES, type Resource, type ResourceStatus } from '../../../source/model/cluster-event.ts';
import type { ClusterState } from '../../../source/state/cluster-state.ts';
import { emptyPicture } from '../../../source/state/picture.ts';
import { missingWords, troubleOf } from '../../../source/console/frame/trouble.ts';

const LIVE: ResourceStatus = { state: 'live' };
const failing = (why: string): ResourceStatus => ({ state: 'stale', since: 0, why });

const pictureOf = (given: Partial<Record<Resource, ResourceStatus>>) => {
  const views = RESOURCES.map((resource) => [resource, { status: given[resource] ?? LIVE, heardAt: null }]);
  return { resources: Object.fromEntries(views) as ClusterState['resources'] };
};

describe('the sentence about what is wrong', () => {
  test.each([
    ['nothing', {}, null],
    ['a list under way', { nodes: { state: 'loading', loaded: 0, total: null } }, null],
    ['pods', { pods: failing('no pods') }, { sentence: 'no pods', severity: 'warning' }],
    ['events', { events: { state: 'absent', why: 'no events' } }, { sentence: 'no events', severity: 'warning' }],
    ['all', { nodes: failing('a'), pods: failing('b'), events: failing('c') }, { sentence: 'a', severity: 'critical' }],
  ] as const)('%s', (_, given, wanted) => expect(troubleOf(pictureOf(given))).toEqual(wanted));

  test('what was not asked yet is nothing wrong', () => expect(troubleOf(emptyPicture())).toBeNull());
});

test.each([
  [LIVE, null],
  [failing('x'), null],
  [{ state: 'loading', loaded: 3, total: null }, 'pods being read'],
  [{ state: 'denied', right: 'list\u001b pods', why: 'x' }, 'no right to list\\x1b pods'],
  [{ state: 'absent', why: 'x' }, 'pods not known'],
] as const)('in place of what is missing: %j', (status, words) => expect(missingWords('pods', status)).toBe(words));
