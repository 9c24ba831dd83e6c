import { describe, expect, it } from 'vitest';
import type { NodeEdit } from '../../source/operations/operation.ts';
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

  it('are named up to ten', () => {
    const pods = Array.from({ length: 14 }, (_, place) =>
      pod(`p-${String(place).padStart(2, '0')}`, 'infra', MONITORING),
    );
    const [sentence = ''] = stranded({ nodes: SITE, pods }, 'm-2 m-3', edit('-infra', KEPT));
    expect(sentence).toMatch(/\(14 pods that select the role: product\/p-00, .*, product\/p-09 and 4 more\)\.$/);
  });
});
