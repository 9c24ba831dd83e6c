import { describe, expect, it, test } from 'vitest';
import type { NodeEdit } from '../../source/operations/operation.ts';
import { roleLabel, type Role } from '../../source/product/roles.ts';
import { edit, KEPT, node, SITE, told } from './role-site.ts';

const DEPLOYED =
  'set up on the machine only when the node is deployed again (deploy_node), which cordons and drains it, and leaves it cordoned when it fails in between.';

describe('a role that is given', () => {
  it('is set up by a deployment alone, told once for all nodes and whichever way the label is set', () => {
    const given = { nodes: SITE };
    expect(told(given, 'w-1 w-2', edit('+infra', KEPT))).toEqual([
      `warning: w-1 and w-2: the role infra is ${DEPLOYED}`,
    ]);
    expect(told(given, 'w-1', { kind: 'label', set: { [roleLabel('infra')]: '' }, remove: [] })).toEqual([
      `warning: w-1: the role infra is ${DEPLOYED}`,
    ]);
    expect(told(given, 'w-1 w-2', edit('+master +etcd', KEPT))).toContain(
      `warning: w-1 and w-2: the roles master and etcd are ${DEPLOYED}`,
    );
  });

  it('is set up with the rest on a machine that has not joined yet', () => {
    const nodes = [...SITE, node('new', '', '', { conditions: [] })];
    expect(told({ nodes }, 'new', edit('+infra', KEPT))).toEqual([
      'note: new: the role infra is set up on the machine when the node is deployed.',
    ]);
  });

  test.each([
    ['master etcd infra', []],
    ['', [`warning: n: the role node is ${DEPLOYED}`]],
    [
      'bootstrap',
      [
        `warning: n: the role node is ${DEPLOYED}`,
        `note: n: the label ${roleLabel('node')} keeps a later run of the bootstrap or restore script from setting taints.`,
      ],
    ],
  ])('node brings nothing to a machine that has what it brings (%s)', (roles, effects) => {
    const nodes = [...SITE, node('n', roles)];
    const asked: NodeEdit = { kind: 'label', set: { [roleLabel('node')]: '' }, remove: [] };
    expect(told({ nodes }, 'n', asked).filter((line) => !line.includes('opens'))).toEqual(effects);
  });
});

describe('a role that is taken away', () => {
  test.each<[Role, RegExp]>([
    ['etcd', /its member stays in the etcd cluster, and counts for the quorum, until it is removed by hand/],
    ['master', /its API server, controller manager and scheduler keep running as static pods/],
    ['infra', /pods that select the role and run here stay until they are made anew/],
  ])('%s uninstalls nothing', (role, says) => {
    const lines = told({ nodes: SITE }, 'm-2', edit(`-${role}`, KEPT));
    expect(lines).toContainEqual(expect.stringMatching(says));
    expect(lines).toContainEqual(
      expect.stringContaining(`m-2: nothing is uninstalled with the label of the role ${role}`),
    );
  });

  it('comes back to the bootstrap node with the next run of its script', () => {
    expect(told({ nodes: SITE }, 'm-1', edit('-master -etcd', KEPT))).toContain(
      'warning: m-1: the next run of the bootstrap or restore script labels it master and etcd again.',
    );
    expect(told({ nodes: SITE }, 'm-2', edit('-master', KEPT)).join()).not.toContain('script');
  });

  it('leaves the taints of the bootstrap node to the script, when it is node', () => {
    const nodes = [...SITE, node('b', 'bootstrap master etcd infra node')];
    const asked: NodeEdit = { kind: 'label', set: {}, remove: [roleLabel('node')] };
    expect(told({ nodes }, 'b', asked)).toEqual([
      'note: b: without the label node-role.kubernetes.io/node a later run of the bootstrap or restore script sets ' +
        'node-role.kubernetes.io/bootstrap:NoSchedule and node-role.kubernetes.io/infra:NoSchedule.',
    ]);
    expect(told({ nodes: [...SITE, node('c', 'master node')] }, 'c', asked)).toEqual([]);
  });
});

describe('how many nodes have a role', () => {
  const counts = (names: string, asked: NodeEdit, nodes = SITE) =>
    told({ nodes }, names, asked).filter((line) => line.includes(' then '));

  test.each<[string, string, string[]]>([
    [
      'w-1',
      '+etcd',
      [
        'warning: 4 nodes then have the role etcd, an even number: once as many members run, they bear the loss of 1, no more than 3 would.',
      ],
    ],
    [
      'm-2',
      '-etcd',
      [
        'warning: 2 nodes then have the role etcd, an even number: once as many members run, they bear the loss of 0, no more than 1 would.',
      ],
    ],
    ['w-1 w-2', '+etcd', []],
    ['m-2 m-3', '-etcd', []],
    ['w-1', '+infra', []],
    [
      'm-1 m-2 m-3',
      '-etcd',
      [
        'warning: No node then has the role etcd: the members that run stay until they are removed by hand, and none is set up anew.',
      ],
    ],
    [
      'm-1 m-2 m-3',
      '-master',
      [
        'warning: No node then has the role master: no API server is set up anew, and pods that select the role find no node.',
      ],
    ],
  ])('%s %s', (names, text, lines) => {
    expect(counts(names, edit(text, KEPT))).toEqual(lines);
  });

  it('is told of bootstrap too, which labels alone can change', () => {
    const label = (set: Record<string, string>, ...remove: string[]): NodeEdit => ({ kind: 'label', set, remove });
    expect(counts('w-1', label({ [roleLabel('bootstrap')]: '' }))).toEqual([
      expect.stringMatching(/^warning: 2 nodes then have the role bootstrap, of which there must be exactly one/),
    ]);
    expect(counts('m-1', label({}, roleLabel('bootstrap')))).toEqual([
      expect.stringMatching(/^warning: No node then has the role bootstrap/),
    ]);
  });
});

describe('a machine for its new roles', () => {
  const sized = (cores: number, gigabytes: number, asked: NodeEdit, roles = 'node') =>
    told(
      {
        nodes: [
          ...SITE,
          node('n', roles, '', {
            capacity: { cpu: cores * 1e3, memory: gigabytes * 1e9, ephemeralStorage: 5e10, pods: 110 },
          }),
        ],
      },
      'n',
      asked,
    ).filter((line) => line.includes('for its roles'));

  it('is told to be too small, or tight, with the figures', () => {
    expect(sized(1, 4, edit('+master +etcd +infra -node'))).toEqual([
      'warning: n: is too small for its roles: it has 1 core and 4 GB, and they need 1.7 cores and 4.5 GB, ' +
        "and 2.55 cores and 6.75 GB with the guide's margin.",
    ]);
    expect(sized(2, 5, edit('+master +etcd +infra -node'))).toEqual([
      'warning: n: is tight for its roles: it has 2 cores and 5 GB, and they need 2.55 cores and 6.75 GB with ' +
        "the guide's margin.",
    ]);
  });

  it('is not told where it is large enough, not known, or gets no role that needs more', () => {
    expect(sized(4, 8, edit('+master +etcd +infra -node'))).toEqual([]);

    const silent = node('n', 'node', '', { capacity: { cpu: null, memory: null, ephemeralStorage: null, pods: null } });
    expect(told({ nodes: [...SITE, silent] }, 'n', edit('+infra')).join()).not.toContain('for its roles');
    expect(sized(1, 1, edit('-infra', KEPT), 'master etcd infra')).toEqual([]);
    expect(sized(1, 1, edit('+node', KEPT), 'master etcd')).toEqual([]);
  });
});
