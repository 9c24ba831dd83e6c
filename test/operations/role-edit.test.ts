import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Taint } from '../../source/model/kubernetes/node.ts';
import { nodeAfter, sidesOf } from '../../source/operations/change.ts';
import { changesOf, checkEdit } from '../../source/operations/edit.ts';
import { InputError } from '../../source/operations/errors.ts';
import type { NodeEdit, RoleTaints } from '../../source/operations/operation.ts';
import { roleEditProblem } from '../../source/operations/role-edit.ts';
import { rolesOf, roleTaintsOf } from '../../source/product/node-roles.ts';
import { ROLES, roleLabel, roleOfKey } from '../../source/product/roles.ts';
import { makeNode } from '../state/made.ts';
import { DEDICATED, edit, KEPT, labels, node, PROPOSED, set, taint, words } from './role-node.ts';
import { cluster } from './small-cluster.ts';

describe('roles and taints of a node, before and after', () => {
  test.each<[string, string, string, RoleTaints, string, string]>([
    ['node', '', '+infra -node', PROPOSED, 'infra', 'infra'],
    ['node', '', '+infra -node', KEPT, 'infra', ''],
    ['', '', '+infra', PROPOSED, 'infra', ''],
    ['', '', '+infra', DEDICATED, 'infra', 'infra'],
    ['node', '', '+infra', PROPOSED, 'infra node', ''],
    ['node', '', '+master +etcd -node', PROPOSED, 'master etcd', 'master etcd'],
    ['node', '', '+master +etcd', PROPOSED, 'master etcd node', ''],
    ['master etcd', 'master etcd', '+node', PROPOSED, 'master etcd node', ''],
    ['master etcd', 'master etcd', '+infra', PROPOSED, 'master etcd infra', 'infra'],
    ['master etcd infra', 'infra', '-infra', PROPOSED, 'master etcd', 'master etcd'],
    ['master etcd infra', 'infra', '-master -infra', PROPOSED, 'etcd', 'etcd'],
    ['master etcd', 'master etcd', '-master -etcd +node', PROPOSED, 'node', ''],
    ['infra', 'infra', '-infra', PROPOSED, '', 'infra'],
    ['bootstrap master etcd infra', 'bootstrap infra', '-infra', PROPOSED, 'bootstrap master etcd', 'bootstrap infra'],
    ['bootstrap infra', 'bootstrap infra', '-infra', set(''), 'bootstrap', 'bootstrap'],
    ['infra', '', '', set('master infra'), 'infra', 'master infra'],
    ['infra', '', '+infra', DEDICATED, 'infra', 'infra'],
    ['infra', 'infra', '+infra', PROPOSED, 'infra', 'infra'],
    ['infra', 'infra', '-etcd', PROPOSED, 'infra', 'infra'],
    // Somebody took the taints off by hand; the roles stay, and so does that.
    ['master etcd', '', '+master', PROPOSED, 'master etcd', ''],
    ['master etcd', '', '+master', DEDICATED, 'master etcd', ''],
    ['node', 'infra', '+node', PROPOSED, 'node', 'infra'],
  ])('%s with taints of %s: %s (%j) gives %s with taints of %s', (roles, taints, text, mode, wanted, tainted) => {
    const before = node(roles, taints, [taint('dedicated', 'NoSchedule', 'shop')]);
    const after = nodeAfter(before, changesOf(before, edit(text, mode)));
    expect([rolesOf(after), roleTaintsOf(after)]).toEqual([words(wanted), words(tainted)]);
    expect(after.labels).toMatchObject({ rack: 'a', ...labels(words(wanted)) });
    expect(after.taints).toContainEqual(taint('dedicated', 'NoSchedule', 'shop'));
  });

  it('says each change as any other edit does', () => {
    expect(changesOf(node('node', ''), edit('+infra -node')).map(sidesOf)).toEqual([
      { before: null, after: 'label node-role.kubernetes.io/infra=' },
      { before: 'label node-role.kubernetes.io/node=', after: null },
      { before: null, after: 'taint node-role.kubernetes.io/infra:NoSchedule' },
    ]);
  });

  it('takes a role with any value for the role, and other effects of its key for other taints', () => {
    const own = [taint(roleLabel('infra'), 'NoExecute'), taint(roleLabel('infra'), 'NoSchedule', 'x')];
    const before = makeNode({ name: 'n', labels: { [roleLabel('infra')]: 'true' }, taints: own });
    expect(changesOf(before, edit('+infra'))).toEqual([]);
    expect(changesOf(before, edit('-infra +node'))).toEqual([
      { field: 'label', key: roleLabel('infra'), before: 'true', after: null },
      { field: 'label', key: roleLabel('node'), before: null, after: '' },
      { field: 'taint', key: roleLabel('infra'), effect: 'NoSchedule', before: own[1], after: null },
    ]);
  });
});

describe('an edit that is wrong in itself', () => {
  test.each<[string, NodeEdit, RegExp]>([
    ['nothing', edit(''), /^No role is given to add or to remove\.$/],
    [
      'bootstrap given',
      edit('+bootstrap'),
      /^The role bootstrap is neither given nor taken away: exactly one node has it/,
    ],
    [
      'bootstrap taken away',
      edit('-bootstrap +node', { mode: 'kept' }),
      /Salt master, the package repositories and the container registry/,
    ],
    ['a role both ways', edit('+infra -infra'), /^The role infra cannot be both given and taken away\.$/],
    ['a taint that there is not', edit('', set('node')), /^The role node has no taint\.$/],
  ])('%s', (_, given, says) => {
    expect(() => checkEdit(given)).toThrow(InputError);
    expect(() => checkEdit(given)).toThrow(says);
  });

  it('taints of roles may be set with no role changed', () => {
    expect(() => checkEdit(edit('', set('')))).not.toThrow();
  });
});

describe('the plan', () => {
  const leftAlone = (given: ReturnType<typeof node>, asked: NodeEdit) =>
    cluster(given)
      .planEdit(asked, 'n')
      .effects.filter(({ sentence }) => sentence.includes('left alone'));

  test.each<[string, string, string, string]>([
    [
      'node',
      '',
      '+infra',
      'n: taints are left alone, since MetalK8s names none for the roles infra and node together.',
    ],
    [
      'infra',
      'infra',
      '-infra',
      'n: taints are left alone, since MetalK8s names none for a node without a role; node-role.kubernetes.io/infra:NoSchedule stays.',
    ],
    [
      'bootstrap etcd infra',
      'bootstrap infra',
      '-infra -etcd',
      'n: taints are left alone, since MetalK8s names none for the role bootstrap alone; node-role.kubernetes.io/bootstrap:NoSchedule and node-role.kubernetes.io/infra:NoSchedule stay.',
    ],
  ])('says of %s with taints of "%s" and %s that taints are left alone', (roles, taints, text, sentence) => {
    expect(leftAlone(node(roles, taints), edit(text))).toEqual([{ severity: 'note', sentence }]);
  });

  it('does not say so where taints are known, were asked to stay, or nothing changes', () => {
    expect(leftAlone(node('node', ''), edit('+infra -node'))).toEqual([]);
    expect(leftAlone(node('node', ''), edit('+infra', { mode: 'kept' }))).toEqual([]);
    expect(leftAlone(node('infra node', ''), edit('+infra'))).toEqual([]);
  });

  it('has the kubectl lines that do the same', () => {
    expect(cluster(node('node', '')).planEdit(edit('+infra -node'), 'n')).toMatchObject({
      name: 'role',
      title: 'Change roles of n',
      commands: [
        'kubectl label nodes n node-role.kubernetes.io/infra= node-role.kubernetes.io/node-',
        'kubectl taint nodes n node-role.kubernetes.io/infra:NoSchedule',
      ],
    });
  });
});

const anyRoles = fc.subarray([...ROLES]);
const anyTaints = fc.uniqueArray(
  fc.record({
    key: fc.constantFrom(...ROLES.map(roleLabel), 'dedicated', 'node.kubernetes.io/unschedulable'),
    value: fc.constantFrom('', 'x'),
    effect: fc.constantFrom('NoSchedule', 'NoExecute', 'PreferNoSchedule'),
    timeAdded: fc.constant(null),
  }),
  { selector: ({ key, effect }) => `${key}:${effect}`, maxLength: 6 },
);
const anyNode = fc
  .record({ roles: anyRoles, value: fc.constantFrom('', 'true'), taints: anyTaints, rack: fc.boolean() })
  .map(({ roles, value, taints, rack }) =>
    makeNode({
      name: 'n',
      labels: { ...(rack && { rack: 'a' }), ...Object.fromEntries(roles.map((role) => [roleLabel(role), value])) },
      taints: taints.length === 0 ? null : taints,
    }),
  );
const TOGGLED = ROLES.filter((role) => role !== 'bootstrap');
const anyEdit = fc
  .record({
    add: fc.subarray(TOGGLED),
    remove: fc.subarray(TOGGLED),
    taints: fc.oneof(
      fc.constantFrom(PROPOSED, DEDICATED, KEPT),
      fc.subarray([...ROLES].filter((role) => role !== 'node')).map((roles): RoleTaints => ({ mode: 'set', roles })),
    ),
  })
  .map(({ add, remove, taints }) => ({
    kind: 'role' as const,
    add,
    remove: remove.filter((role) => !add.includes(role)),
    taints,
  }));

describe('whatever the node and the edit', () => {
  it('never touches bootstrap, and of taints only those of roles with effect NoSchedule', () => {
    fc.assert(
      fc.property(anyNode, anyEdit, (before, asked) => {
        for (const change of changesOf(before, asked)) {
          expect(change.field).not.toBe('cordoned');
          if (change.field === 'cordoned') continue;
          expect(['master', 'etcd', 'infra', 'node']).toContain(roleOfKey(change.key));
          if (change.field === 'taint') expect(change.effect).toBe('NoSchedule');
        }
      }),
    );
  });

  it('asked again finds nothing left to do', () => {
    fc.assert(
      fc.property(anyNode, anyEdit, (before, asked) => {
        const after = nodeAfter(before, changesOf(before, asked));
        expect(changesOf(after, asked)).toEqual([]);
      }),
    );
  });

  it('is made by its patch, and an undo gives the node back', async () => {
    const identities = (taints: readonly Taint[] | null) =>
      (taints ?? []).map(({ key, effect, value }) => `${key}=${value}:${effect}`).sort();
    await fc.assert(
      fc.asyncProperty(anyNode, anyEdit, async (before, asked) => {
        // What nobody could mean is refused before it is planned.
        fc.pre(roleEditProblem(asked) === null);
        const changes = changesOf(before, asked);
        fc.pre(changes.length > 0);
        const { planEdit, apply, undo, nodes } = cluster(before);
        expect(await apply(planEdit(asked, 'n'))).toMatchObject([{ state: 'done' }]);
        const after = nodeAfter(before, changes);
        expect(nodes.get('n')?.labels).toEqual(after.labels);
        expect(identities(nodes.get('n')?.taints ?? null)).toEqual(identities(after.taints));
        await undo();
        expect(nodes.get('n')?.labels).toEqual(before.labels);
        expect(identities(nodes.get('n')?.taints ?? null)).toEqual(identities(before.taints));
      }),
      { numRuns: 60 },
    );
  });
});
