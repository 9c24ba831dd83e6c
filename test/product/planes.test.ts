import { expect, test } from 'vitest';
import { absent, known, type Reading } from '../../source/model/reading.ts';
import { planesOf } from '../../source/product/planes.ts';
import type { ClusterNode } from '../../source/model/kubernetes/node.ts';
import { madeCondition, madeNode } from '../model/kubernetes/node.ts';

const internal = (address: string) => ({ type: 'InternalIP', address });
const joined = { conditions: [madeCondition('Ready', 'True')] };
const calico = (value: string) => ({ annotations: { 'projectcalico.org/IPv4Address': value } });
const noAddress = absent('the annotation projectcalico.org/IPv4Address does not hold an address');

const CONTROL: [string, Partial<ClusterNode>, Reading<string>][] = [
  ['the InternalIP', { addresses: [internal('10.1.0.11')] }, known('10.1.0.11')],
  [
    'the first of two',
    { addresses: [{ type: 'Hostname', address: 'n' }, internal('10.1.0.11'), internal('fd00::1')] },
    known('10.1.0.11'),
  ],
  ['a machine that has not joined', {}, absent('the kubelet has not registered yet')],
  [
    'no InternalIP',
    { ...joined, addresses: [{ type: 'Hostname', address: 'n' }] },
    absent('the kubelet reports no InternalIP for the node'),
  ],
];

test.each(CONTROL)('control plane: %s', (_, parts, expected) => {
  expect(planesOf(madeNode(parts)).control).toEqual(expected);
});

const WORKLOAD: [string, Partial<ClusterNode>, Reading<string>][] = [
  ['without prefix length', calico('10.2.0.31/24'), known('10.2.0.31')],
  ['as it is', calico('10.2.0.31'), known('10.2.0.31')],
  ['not published', {}, absent('Calico has not published an address in the annotation projectcalico.org/IPv4Address')],
  ['empty', calico(''), noAddress],
  ['only a prefix length', calico('/24'), noAddress],
  ['something else', calico('\u001b[31mnone'), noAddress],
];

test.each(WORKLOAD)('workload plane: %s', (_, parts, expected) => {
  expect(planesOf(madeNode(parts)).workload).toEqual(expected);
});
