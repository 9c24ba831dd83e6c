import { describe, expect, it } from 'vitest';
import { ANYWHERE } from '../../source/model/kubernetes/placement.ts';
import { nodeAfter } from '../../source/operations/change.ts';
import { changesOf } from '../../source/operations/edit.ts';
import type { Edited } from '../../source/operations/edited.ts';
import type { NodeEdit } from '../../source/operations/operation.ts';
import { strandedPods } from '../../source/operations/stranded-effects.ts';
import { roleLabel } from '../../source/product/roles.ts';
import { createStore } from '../../source/state/store.ts';
import { spent } from '../spent.ts';
import { bears, edit, KEPT, node, pod, SITE, taint, told, type Given } from './role-site.ts';

describe('pods that select a role', () => {
  const MONITORING = bears('bootstrap', 'infra');
  const stranded = (given: Given, names: string, asked: NodeEdit) =>
    told(given, names, asked).filter((line) => line.includes('is left that would take'));

  it('of infra are told when no Ready node is left for them', () => {
    const pods = [pod('prometheus', 'infra', MONITORING), pod('done', 'infra', MONITORING, { phase: 'Succeeded' })];
    expect(stranded({ nodes: SITE, pods }, 'm-2', edit('-infra'))).toEqual([]);
    const sentence =
      'warning: No Ready node with the role infra is left that would take monitoring, the web UIs and CoreDNS ' +
      '(1 pod that selects the role: product/prometheus).';
    expect(stranded({ nodes: SITE, pods }, 'm-2 m-3', edit('-infra'))).toEqual([sentence]);
    const lost = node('m-3', 'master etcd infra', 'infra', { conditions: [] });
    const nodes = SITE.map((one) => (one.name === 'm-3' ? lost : one));
    expect(stranded({ nodes, pods }, 'm-2', edit('-infra'))).toEqual([sentence]);
    expect(stranded({ nodes, pods }, 'm-2', edit('', { mode: 'set', roles: ['etcd', 'infra'] }))).toEqual([sentence]);
  });

  it('are told by their services where the pods are not seen', () => {
    const seen = { state: 'denied', right: 'list pods', why: 'forbidden' } as const;
    expect(stranded({ nodes: SITE, seen }, 'm-2 m-3', edit('-infra', KEPT))).toEqual([
      'warning: No Ready node with the role infra is left that would take monitoring, the web UIs and CoreDNS.',
    ]);
  });

  it('are not told when they had no place before', () => {
    const nodes = [node('m-1', 'master etcd infra', 'master etcd'), node('w-1', 'node')];
    const pods = [pod('prometheus', 'infra', MONITORING)];
    expect(stranded({ nodes, pods }, 'm-1', edit('-infra', KEPT))).toEqual([]);
  });

  // The taint of etcd is tolerated by next to nothing, so that masters which carry it take no ingress (MetalK8s charts).
  it('of the control plane are told when they bear the taints of no master left', () => {
    const nodes = [
      node('m-1', 'master etcd infra', 'infra'),
      node('m-2', 'master etcd', 'master etcd'),
      node('w-1', 'infra'),
    ];
    const pods = [
      pod('ingress', 'master', bears('bootstrap', 'master', 'infra'), {
        owner: { kind: 'DaemonSet', name: 'ingress' },
      }),
      pod('cert-manager', 'master', bears('bootstrap', 'infra')),
      pod('etcd-admin', 'master', bears('master', 'etcd', 'infra')),
      pod('kube-apiserver', 'master', [], { mirror: true }),
      pod('elsewhere', 'infra', bears('bootstrap', 'infra')),
    ];
    expect(stranded({ nodes, pods }, 'm-1', edit('-infra'))).toEqual([
      'warning: No node with the role master is left that would take the control-plane ingress, calico-kube-controllers ' +
        'and cert-manager (2 pods that select the role: product/cert-manager and product/ingress).',
    ]);
    const asked: NodeEdit = { kind: 'taint', add: [taint('master')], remove: [], addNodeRole: false };
    expect(stranded({ nodes, pods }, 'm-1', asked)).toEqual([
      'warning: No node with the role master is left that would take cert-manager (1 pod that selects the role: product/cert-manager).',
    ]);
    expect(
      stranded({ nodes: [...nodes, node('m-0', 'bootstrap master', 'bootstrap')], pods }, 'm-1', edit('-infra')),
    ).toEqual([]);
  });

  it('count a master that is away, since it comes back', () => {
    const nodes = [
      node('m-1', 'master etcd infra', 'infra'),
      node('m-2', 'master', '', { conditions: [] }),
      node('w-1', 'infra'),
    ];
    const pods = [pod('ingress', 'master', bears('bootstrap', 'master', 'infra'))];
    expect(stranded({ nodes, pods }, 'm-1', edit('-infra'))).toEqual([]);
  });

  it('are told that ask for the role by a required node affinity', () => {
    const asks = (operator: string) => ({
      ...ANYWHERE,
      terms: [{ labels: [{ key: roleLabel('infra'), operator, values: [] }], fields: [] }],
    });
    const pods = [
      pod('asking', 'infra', MONITORING, { placement: asks('Exists') }),
      pod('avoiding', 'infra', MONITORING, { placement: asks('DoesNotExist') }),
    ];
    const [sentence] = stranded({ nodes: SITE, pods }, 'm-2 m-3', edit('-infra', KEPT));
    expect(sentence).toContain('(1 pod that selects the role: product/asking)');
  });

  it('are told at once where there are very many, on thousands of nodes', () => {
    const taken = { key: 'gpu', value: '', effect: 'NoSchedule', timeAdded: null };
    const others = Array.from({ length: 2_000 }, (_, place) => node(`x-${place}`, 'infra', '', { taints: [taken] }));
    const nodes = [...others, ...SITE];
    const { tolerations, placement } = pod('p', 'infra', MONITORING);
    const pods = Array.from({ length: 20_000 }, (_, place) =>
      pod(`p-${place}`, 'infra', tolerations, { placement, node: 'm-2' }),
    );
    const { state } = createStore([
      { type: 'changed', at: 1, resource: 'nodes', items: nodes },
      { type: 'changed', at: 1, resource: 'pods', items: pods },
    ]);
    const edited = nodes
      .filter(({ name }) => ['m-2', 'm-3'].includes(name))
      .map((before): Edited => {
        const changes = changesOf(before, edit('-infra', KEPT));
        return { state, before, after: nodeAfter(before, changes), changes };
      });
    const sentences = () => expect(strandedPods(state, edited)[0]?.sentence).toContain('20000 pods');
    expect(spent(sentences)).toBeLessThan(500);
  });

  it('are named up to ten', () => {
    const pods = Array.from({ length: 14 }, (_, place) =>
      pod(`p-${String(place).padStart(2, '0')}`, 'infra', MONITORING),
    );
    const [sentence = ''] = stranded({ nodes: SITE, pods }, 'm-2 m-3', edit('-infra', KEPT));
    expect(sentence).toMatch(/\(14 pods that select the role: product\/p-00, .*, product\/p-09 and 4 more\)\.$/);
  });
});
