import { describe, expect, it } from 'vitest';
import { ANYWHERE } from '../../source/model/kubernetes/placement.ts';
import type { PodRow } from '../../source/model/kubernetes/pod.ts';
import type { NodeEdit } from '../../source/operations/operation.ts';
import { roleLabel } from '../../source/product/roles.ts';
import { makePod } from '../state/made.ts';
import { spent } from '../spent.ts';
import { edit, node, told, type Given } from './role-site.ts';

describe('pods that are pending', () => {
  const waiting = (name: string, given: Partial<PodRow> = {}) =>
    makePod({ uid: name, name, namespace: 'shop', phase: 'Pending', ...given });
  const pending = (given: Given, names: string, asked: NodeEdit) =>
    told(given, names, asked).filter((line) => line.includes('pending'));
  const closed = [node('i-1', 'infra', 'infra'), node('i-2', 'infra', 'infra')];
  const open: NodeEdit = edit('', { mode: 'set', roles: [] });

  it('are told where they would fit then, and fit nowhere now', () => {
    expect(pending({ nodes: closed, pods: [waiting('a')] }, 'i-1', open)).toEqual([
      'note: i-1: shop/a, which is pending and fits on no node now, would fit.',
    ]);
    const pods = [
      waiting('a'),
      waiting('b'),
      waiting('large', { requests: { cpu: 64_000, memory: 0, ephemeralStorage: 0 } }),
    ];
    expect(pending({ nodes: closed, pods }, 'i-1 i-2', open)).toEqual([
      'note: i-1 and i-2: 2 pods that are pending and fit on no node now would fit, each by itself: shop/a and shop/b.',
    ]);
  });

  it('are told when a label is what they miss', () => {
    const placement = { ...ANYWHERE, selector: { [roleLabel('infra')]: '' } };
    expect(
      pending({ nodes: [node('w-1', 'node')], pods: [waiting('a', { placement })] }, 'w-1', edit('+infra')),
    ).toEqual(['note: w-1: shop/a, which is pending and fits on no node now, would fit.']);
  });

  it('are told with what they ask for and is not looked at', () => {
    const spread = waiting('a', { placement: { ...ANYWHERE, unmodelled: ['spread over topologies'] } });
    const both = waiting('b', {
      placement: { ...ANYWHERE, unmodelled: ['spread over topologies', 'affinity between pods'] },
    });
    expect(pending({ nodes: closed, pods: [spread] }, 'i-1', open)).toEqual([
      'note: i-1: shop/a, which is pending and fits on no node now, would fit; not looked at, though it asks for it: spread over topologies.',
    ]);
    expect(pending({ nodes: closed, pods: [spread, both, waiting('c')] }, 'i-1', open)).toEqual([
      'note: i-1: 3 pods that are pending and fit on no node now would fit, each by itself: shop/a, shop/b and shop/c; ' +
        'not looked at, though some of them ask for it: spread over topologies and affinity between pods.',
    ]);
  });

  it('are told at once where there are thousands, on thousands of nodes', () => {
    const nodes = [...closed, ...Array.from({ length: 2_000 }, (_, place) => node(`x-${place}`, 'infra', 'infra'))];
    const { requests, tolerations } = waiting('all');
    const pods = Array.from({ length: 5_000 }, (_, place) => waiting(`p-${place}`, { requests, tolerations }));
    const sentences = () =>
      expect(pending({ nodes, pods }, 'i-1', open)[0]).toMatch(/^note: i-1: 5000 pods .* and 4990 more\.$/);
    expect(spent(sentences)).toBeLessThan(2_000);
  });

  it('are told at once of thousands of nodes too', () => {
    const nodes = Array.from({ length: 1_000 }, (_, place) => node(`x-${place}`, 'infra', 'infra'));
    const { requests, tolerations } = waiting('all');
    const pods = Array.from({ length: 2_000 }, (_, place) => waiting(`p-${place}`, { requests, tolerations }));
    const sentences = () =>
      expect(pending({ nodes, pods }, nodes.map(({ name }) => name).join(' '), open)).toEqual([
        expect.stringMatching(/^note: x-0, x-1, x-2, x-3 and 996 more: 2000 pods .* and 1990 more\.$/) as string,
      ]);
    expect(spent(sentences)).toBeLessThan(1_000);
  });

  it('are not told when gates hold them back', () => {
    const gated = waiting('a', { placement: { ...ANYWHERE, gates: ['example.com/wait'] } });
    expect(pending({ nodes: closed, pods: [gated] }, 'i-1', open)).toEqual([]);
  });

  it('are not told when they fit elsewhere already, are going, or are not seen', () => {
    expect(pending({ nodes: [...closed, node('w-1', 'node')], pods: [waiting('a')] }, 'i-1', open)).toEqual([]);
    expect(pending({ nodes: closed, pods: [waiting('a', { deleting: true })] }, 'i-1', open)).toEqual([]);
    const seen = { state: 'loading', loaded: 1, total: 5 } as const;
    expect(pending({ nodes: closed, pods: [waiting('a')], seen }, 'i-1', open)).toEqual([]);
  });
});
