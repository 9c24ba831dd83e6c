import { describe, expect, it } from 'vitest';
import { ownsAddressOf } from '../../../source/model/etcd/member-node.ts';

describe('the node that owns the address of a member', () => {
  it.each<[string, string[], string[], string[], boolean]>([
    ['by its peer URL', ['https://10.0.0.1:2380'], [], ['10.0.0.1'], true],
    ['by its client URL', [], ['https://10.0.0.1:2379'], ['10.0.0.9', '10.0.0.1'], true],
    ['not another', ['https://10.0.0.1:2380'], [], ['10.0.0.11'], false],
    ['by its name', ['https://master-1:2380'], [], ['master-1'], true],
    ['by IPv6, however it is written', ['https://[fd00::1]:2380'], [], ['fd00:0:0:0:0:0:0:1'], true],
    ['another by IPv6', ['https://[fd00::1]:2380'], [], ['fd00::2'], false],
    ['no URL', ['nonsense', ''], [], ['nonsense', ''], false],
    ['none at all', [], [], ['10.0.0.1'], false],
    ['a node without addresses', ['https://10.0.0.1:2380'], [], [], false],
  ])('%s', (_, peerUrls, clientUrls, addresses, owns) => {
    const member = { id: '1', name: '', peerUrls, clientUrls, isLearner: false };
    const node = { addresses: addresses.map((address) => ({ type: 'InternalIP', address })) };
    expect(ownsAddressOf(member)(node)).toBe(owns);
  });
});
