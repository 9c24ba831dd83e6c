import { assert, constantFrom, property, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../source/sandbox/server/patch.ts';
import { strategicMerge } from '../../../source/sandbox/server/strategic-merge.ts';

const taint = (key: string): JsonObject => ({ key, effect: 'NoSchedule' });
const pod = (...containers: Json[]): JsonObject => ({ spec: { containers } });

const CASES: [told: string, kind: string, document: JsonObject, patch: JsonObject, result: JsonObject][] = [
  [
    'merges labels, and takes away those that are null',
    'Node',
    { metadata: { labels: { a: '1', b: '2' } } },
    { metadata: { labels: { a: null, c: '3', d: null } } },
    { metadata: { labels: { b: '2', c: '3' } } },
  ],
  [
    'replaces taints as a whole',
    'Node',
    { spec: { taints: [taint('a')] } },
    { spec: { taints: [taint('b')] } },
    { spec: { taints: [taint('b')] } },
  ],
  [
    'takes names that every object inherits for names like others',
    'Node',
    { metadata: { name: 'n' } },
    { constructor: ['a'], metadata: { toString: ['b'], valueOf: { c: 1 } } },
    { constructor: ['a'], metadata: { name: 'n', toString: ['b'], valueOf: { c: 1 } } },
  ],
  [
    'puts nothing in order that is not there, whatever every object inherits',
    'Node',
    { spec: {} },
    { spec: { '$setElementOrder/constructor': ['a'] } },
    { spec: {} },
  ],
  [
    'takes a list away with null',
    'Node',
    { spec: { taints: [taint('a')], unschedulable: true } },
    { spec: { taints: null } },
    { spec: { unschedulable: true } },
  ],
  [
    'merges conditions and addresses by type',
    'Node',
    {
      status: {
        conditions: [{ type: 'Ready', status: 'True', reason: 'x' }],
        addresses: [{ type: 'Hostname', address: 'a' }],
      },
    },
    { status: { conditions: [{ type: 'Ready', status: 'False' }], addresses: [{ type: 'InternalIP', address: 'b' }] } },
    {
      status: {
        conditions: [{ type: 'Ready', status: 'False', reason: 'x' }],
        addresses: [
          { type: 'InternalIP', address: 'b' },
          { type: 'Hostname', address: 'a' },
        ],
      },
    },
  ],
  [
    'takes one item away by its key',
    'Pod',
    pod({ name: 'a', image: '1' }, { name: 'b', image: '1' }),
    pod({ $patch: 'delete', name: 'a' }),
    pod({ name: 'b', image: '1' }),
  ],
  [
    'replaces a list on request',
    'Pod',
    pod({ name: 'a', image: '1' }, { name: 'b', image: '1' }),
    pod({ $patch: 'replace' }, { name: 'c', image: '2' }),
    pod({ name: 'c', image: '2' }),
  ],
  [
    'replaces a map on request',
    'Node',
    { metadata: { labels: { a: '1' } } },
    { metadata: { labels: { $patch: 'replace', b: '2' } } },
    { metadata: { labels: { b: '2' } } },
  ],
  [
    'empties a map on request',
    'Node',
    { metadata: { labels: { a: '1' }, name: 'n' } },
    { metadata: { labels: { $patch: 'delete' } } },
    { metadata: { labels: {}, name: 'n' } },
  ],
  [
    'merges lists within the items of lists',
    'Pod',
    pod({ name: 'a', ports: [{ containerPort: 80, protocol: 'TCP' }], command: ['x'] }),
    pod({ name: 'a', ports: [{ containerPort: 80, name: 'http' }, { containerPort: 81 }], command: ['y'] }),
    pod({
      name: 'a',
      ports: [{ containerPort: 80, protocol: 'TCP', name: 'http' }, { containerPort: 81 }],
      command: ['y'],
    }),
  ],
  [
    'merges the containers of a template',
    'DaemonSet',
    { spec: { template: pod({ name: 'a', image: '1', env: [{ name: 'x', value: '1' }] }) } },
    { spec: { template: pod({ name: 'a', env: [{ name: 'y', value: '2' }] }) } },
    {
      spec: {
        template: pod({
          name: 'a',
          image: '1',
          env: [
            { name: 'y', value: '2' },
            { name: 'x', value: '1' },
          ],
        }),
      },
    },
  ],
  [
    'replaces tolerations as a whole',
    'Pod',
    { spec: { tolerations: [{ key: 'a' }] } },
    { spec: { tolerations: [{ key: 'b' }] } },
    { spec: { tolerations: [{ key: 'b' }] } },
  ],
  [
    'adds to plain values once, and takes them away by name',
    'Node',
    { metadata: { finalizers: ['a', 'b'] } },
    { metadata: { finalizers: ['b', 'c'], '$deleteFromPrimitiveList/finalizers': ['a'] } },
    { metadata: { finalizers: ['b', 'c'] } },
  ],
  [
    'puts items into the order that is given, and those of others before what they came before',
    'Pod',
    pod({ name: 'a' }, { name: 'theirs' }, { name: 'b' }),
    { spec: { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] } },
    pod({ name: 'theirs' }, { name: 'b' }, { name: 'a' }),
  ],
  [
    'keeps the fields of a map that are listed, and no others',
    'Pod',
    { spec: { volumes: [{ name: 'v', emptyDir: {}, other: 1 }] } },
    { spec: { volumes: [{ name: 'v', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/x' } }] } },
    { spec: { volumes: [{ name: 'v', hostPath: { path: '/x' } }] } },
  ],
  [
    'replaces the selector of a budget, not a part of it',
    'PodDisruptionBudget',
    { spec: { selector: { matchLabels: { a: '1' } } } },
    { spec: { selector: { matchLabels: { b: '2' } } } },
    { spec: { selector: { matchLabels: { b: '2' } } } },
  ],
  [
    'makes what is not there, without nulls and directives',
    'Pod',
    {},
    { metadata: { labels: { a: null, b: '1' } }, ...pod({ name: 'a', $retainKeys: ['name'] }) },
    { metadata: { labels: { b: '1' } }, ...pod({ name: 'a' }) },
  ],
];

const REFUSED: [told: string, kind: string, patch: JsonObject, why: string][] = [
  [
    'an item that does not say which it is',
    'Pod',
    pod({ image: 'x' }),
    'map: map[image:x] does not contain declared merge key: name',
  ],
  ['an unknown directive', 'Node', { spec: { $patch: 'frob' } }, 'unknown patch type found: "frob"'],
  ['a directive to merge a list', 'Pod', pod({ name: 'a', $patch: 'merge' }), 'merging lists cannot yet be specified'],
  [
    'keys to retain that leave out a field of the patch',
    'Node',
    { spec: { $retainKeys: ['a'], b: 1 } },
    'must contain all fields',
  ],
];

describe('a strategic merge patch', () => {
  it.each(CASES)('%s', (_told, kind, document, patch, result) => {
    const before = structuredClone(document);
    expect(strategicMerge(kind, document, patch)).toEqual(result);
    expect(document).toEqual(before);
  });

  it.each(REFUSED)('is refused for %s', (_told, kind, patch, why) => {
    expect(() => strategicMerge(kind, pod({ name: 'a' }), patch)).toThrow(why);
  });

  it('keeps every item once, and those that it names in its order', () => {
    const names = uniqueArray(constantFrom<string>('a', 'b', 'c', 'd', 'e', 'f'));
    assert(
      property(names, names, (there, given) => {
        const containers = (list: readonly string[]): Json[] => list.map((name) => ({ name }));
        const { spec } = strategicMerge('Pod', pod(...containers(there)), pod(...containers(given))) as unknown as {
          spec: { containers: { name: string }[] };
        };
        const found = spec.containers.map(({ name }) => name);
        const theirs = there.filter((name) => !given.includes(name));
        expect([...found].sort()).toEqual([...new Set([...there, ...given])].sort());
        expect(found.filter((name) => given.includes(name))).toEqual(given);
        expect(found.filter((name) => theirs.includes(name))).toEqual(theirs);
      }),
    );
  });
});
