import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFit, whatFits, type FitRequest } from '../../../source/model/headroom/fits.ts';
import { createPlacing } from '../../../source/model/headroom/placing.ts';
import { makeNode, makePod } from '../../state/made.ts';
import { madeTaint } from '../kubernetes/node.ts';
import * as arbitrary from './arbitrary.ts';
import { asking, GI, placeOf, siteWith, sized } from './made-site.ts';

const NOTHING: FitRequest = { cpu: 0, memory: 0, ephemeralStorage: 0, replicas: 1, selector: {} };

describe('what fits', () => {
  const site = siteWith([
    placeOf(sized('b', 4, 16)),
    placeOf(sized('a', 8, 8)),
    placeOf(sized('c', 4, 16)),
    placeOf(sized('tainted', 99, 99, { taints: [madeTaint('x:NoSchedule')] })),
    placeOf(sized('full', 2, 4), [makePod({ uid: 'p', requests: { cpu: 2_500, memory: GI, ephemeralStorage: 0 } })]),
  ]);

  test('is told node by node, most first, then by name, with what is in the way on the others', () => {
    const request = { ...NOTHING, cpu: 2_000, memory: 4 * GI, replicas: 6 };
    expect(whatFits(site, request)).toEqual({
      request,
      fits: true,
      most: 6,
      where: [
        { node: 'a', replicas: 2 },
        { node: 'b', replicas: 2 },
        { node: 'c', replicas: 2 },
      ],
      obstacles: [
        { obstacle: { kind: 'taint', taint: madeTaint('x:NoSchedule') }, nodes: 1, most: null },
        { obstacle: { kind: 'short', resource: 'cpu', by: 2_500 }, nodes: 1, most: null },
        { obstacle: { kind: 'short', resource: 'memory', by: GI }, nodes: 1, most: null },
      ],
    });
    expect(whatFits(site, { ...request, replicas: 7 })).toMatchObject({ fits: false, most: 6 });
  });

  test('of nothing at all is as many as there are pod slots, over-committed or not', () =>
    expect(whatFits(site, NOTHING)).toMatchObject({ most: 4 * 110 - 1, obstacles: [{ nodes: 1, most: null }] }));

  test('on nodes with a label that none has is nothing', () =>
    expect(whatFits(site, { ...NOTHING, selector: { gpu: 'yes' } })).toMatchObject({
      fits: false,
      most: 0,
      where: [],
      obstacles: [
        { obstacle: { kind: 'label', key: 'gpu', value: 'yes' }, nodes: 5, most: null },
        { nodes: 1, most: null },
      ],
    }));

  test('of a thousand million, or of more than any machine has, is told at once', () => {
    expect(whatFits(site, { ...NOTHING, cpu: 1, replicas: 1e9 })).toMatchObject({ fits: false, most: 330 });
    const most = Number.MAX_SAFE_INTEGER;
    expect(
      whatFits(site, { cpu: most, memory: most, ephemeralStorage: most, replicas: most, selector: {} }),
    ).toMatchObject({
      fits: false,
      most: 0,
    });
  });

  test('in a cluster without nodes is nothing', () =>
    expect(whatFits(siteWith([]), NOTHING)).toEqual({
      request: NOTHING,
      fits: false,
      most: 0,
      where: [],
      obstacles: [],
    }));

  test('on a node that does not say what it offers is nothing, and on one that offers zero too', () => {
    const silent = makeNode({ name: 'a', allocatable: { cpu: null, memory: 1, ephemeralStorage: 1, pods: 9 } });
    const empty = makeNode({ name: 'b', allocatable: { cpu: 0, memory: 0, ephemeralStorage: 0, pods: 0 } });
    expect(whatFits(siteWith([placeOf(silent), placeOf(empty)]), { ...NOTHING, cpu: 1 }).obstacles).toEqual([
      { obstacle: { kind: 'short', resource: 'cpu', by: null }, nodes: 1, most: null },
      { obstacle: { kind: 'short', resource: 'pods', by: 1 }, nodes: 1, most: null },
      { obstacle: { kind: 'short', resource: 'cpu', by: 1 }, nodes: 1, most: null },
    ]);
    expect(whatFits(siteWith([placeOf(silent)]), NOTHING).most).toBe(9);
  });

  test('is what placing one replica after the other finds', () => {
    const amount = fc.constantFrom(0, 1, 90, 600, 1_500);
    fc.assert(
      fc.property(
        arbitrary.nodes,
        arbitrary.pods(3, 'n0'),
        amount,
        amount,
        amount,
        (nodes, bound, cpu, memory, ephemeralStorage) => {
          const small = siteWith(nodes.map((node) => placeOf(node, node.name === 'n0' ? bound : [])));
          const { most, where } = whatFits(small, { cpu, memory, ephemeralStorage, replicas: 1, selector: {} });
          const placing = createPlacing(small);
          const counts = new Map<string, number>();
          for (;;) {
            const node = placing.place(asking({ requests: { cpu, memory, ephemeralStorage } }));
            if (node === null) break;
            counts.set(node, (counts.get(node) ?? 0) + 1);
          }
          expect(new Map(where.map(({ node, replicas }) => [node, replicas]))).toEqual(counts);
          expect(most).toBe([...counts.values()].reduce((sum, each) => sum + each, 0));
        },
      ),
    );
  });
});

describe('a request in words', () => {
  test.each<[string, Partial<FitRequest>]>([
    ['cpu=2,memory=4Gi,replicas=3', { cpu: 2_000, memory: 4 * GI, replicas: 3 }],
    ['cpu=0.1', { cpu: 100 }],
    ['cpu=100m', { cpu: 100 }],
    ['cpu=0.0001', { cpu: 1 }],
    ['cpu=1e3', { cpu: 1_000_000 }],
    ['memory=1e3', { memory: 1_000 }],
    ['memory=0.1', { memory: 1 }],
    ['ephemeral-storage=10Gi', { ephemeralStorage: 10 * GI }],
    [' memory = 1G , cpu = 1 ', { memory: 1e9, cpu: 1_000 }],
    ['replicas=1e9', { replicas: 1e9 }],
    ['replicas=2', { replicas: 2 }],
    ['replicas=2000m', { replicas: 2 }],
    ['cpu=0', {}],
    ['memory=9000E', { memory: Number.MAX_SAFE_INTEGER }],
  ])('%s', (text, request) => expect(parseFit(text)).toEqual({ ...NOTHING, ...request }));

  test.each([
    ['', 'fit "": it asks for nothing; write for instance cpu=2,memory=4Gi,ephemeral-storage=10Gi,replicas=3'],
    ['  ', 'fit "  ": it asks for nothing; write for instance cpu=2,memory=4Gi,ephemeral-storage=10Gi,replicas=3'],
    ['cpu', 'fit "cpu": "cpu" is not NAME=QUANTITY, as in cpu=2,memory=4Gi,ephemeral-storage=10Gi,replicas=3'],
    ['cpu=1,', 'fit "cpu=1,": "" is not NAME=QUANTITY, as in cpu=2,memory=4Gi,ephemeral-storage=10Gi,replicas=3'],
    [
      'cpu=1=2',
      'fit "cpu=1=2": "cpu=1=2" is not NAME=QUANTITY, as in cpu=2,memory=4Gi,ephemeral-storage=10Gi,replicas=3',
    ],
    ['gpu=1', 'fit "gpu=1": "gpu" is none of cpu, memory, ephemeral-storage, replicas'],
    ['CPU=1', 'fit "CPU=1": "CPU" is none of cpu, memory, ephemeral-storage, replicas'],
    ['cpu=1,cpu=2', 'fit "cpu=1,cpu=2": "cpu" is given twice'],
    ['cpu=', 'fit "cpu=": "" is no quantity, as in cpu=2'],
    ['memory=4GB', 'fit "memory=4GB": "4GB" is no quantity, as in memory=4Gi'],
    ['memory=-1', 'fit "memory=-1": memory must not be negative'],
    ['replicas=0', 'fit "replicas=0": replicas must be a whole number from 1 on'],
    ['replicas=-1', 'fit "replicas=-1": replicas must be a whole number from 1 on'],
    ['replicas=1.5', 'fit "replicas=1.5": replicas must be a whole number from 1 on'],
  ])('%j is refused in one sentence', (text, problem) => expect(parseFit(text)).toEqual({ problem }));

  test('any text is a request or a sentence', () =>
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('cpu', 'replicas', 'memory', '=', ',', '1', '.', 'e', '-', '+', 'Gi', 'm', ' '),
        }),
        (text) => {
          const parsed = parseFit(text);
          if ('problem' in parsed) expect(parsed.problem).toContain(JSON.stringify(text).slice(1, -1));
          else
            for (const amount of [parsed.cpu, parsed.memory, parsed.ephemeralStorage, parsed.replicas])
              expect(Number.isSafeInteger(amount) && amount >= 0).toBe(true);
        },
      ),
    ));
});
