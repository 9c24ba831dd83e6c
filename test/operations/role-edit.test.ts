import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Taint } from '../../source/model/kubernetes/node.ts';
import { holdsAfter, nodeAfter, sidesOf } from '../../source/operations/change.ts';
import { changesOf, checkEdit } from '../../source/operations/edit.ts';
import { InputError } from '../../source/operations/errors.ts';
import type { NodeEdit, RoleTaints } from '../../source/operations/operation.ts';
import { rolesOf, roleTaintsOf } from '../../source/product/node-roles.ts';
import { ROLES, roleLabel, roleOfKey, type Role } from '../../source/product/roles.ts';
import { makeNode } from '../state/made.ts';
import { cluster } from './small-cluster.ts';

const taint = (key: string, effect = 'NoSchedule', value = ''): Taint => ({ key, value, effect, timeAdded: null });
const roleTaint = (role: Role) => taint(roleLabel(role));
const labels = (roles: readonly Role[]) => Object.fromEntries(roles.map((role) => [roleLabel(role), '']));
const words = (text: string): Role[] => ROLES.filter((role) => text.split(' ').includes(role));
const node = (roles: string, taints: string, others: readonly Taint[] = []) =>
  makeNode({
    name: 'n',
    labels: { rack: 'a', ...labels(words(roles)) },
    taints: taints === '' && others.length === 0 ? null : [...others, ...words(taints).map(roleTaint)],
  });

/** `+infra -node`, with what becomes of the taints. */
const edit = (text: string, taints: RoleTaints = { mode: 'proposed' }): Extract<NodeEdit, { kind: 'role' }> => {
  const signed = (sign: string) => ROLES.filter((role) => text.split(' ').some((word) => word === `${sign}${role}`));
  return { kind: 'role', add: signed('+'), remove: signed('-'), taints };
};
const PROPOSED: RoleTaints = { mode: 'proposed' };
const DEDICATED: RoleTaints = { mode: 'dedicated' };
const KEPT: RoleTaints = { mode: 'kept' };
const set = (roles: string): RoleTaints => ({ mode: 'set', roles: words(roles) });

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

describe('against a server', () => {
  it.each<[string, string, string]>([
    ['node', '', '+infra -node'],
    ['master etcd infra', 'infra', '-infra'],
    ['master etcd', 'master etcd', '+node -master -etcd'],
  ])('%s with taints of "%s": %s is made, and undone', async (roles, taints, text) => {
    const before = node(roles, taints);
    const { edit: make, undo, nodes, journal } = cluster(before);
    const plan = await make(edit(text), 'n');
    expect(journal.trail().map(({ item }) => [item.operation, item.result])).toEqual([['role', 'done']]);
    const after = nodes.get('n');
    for (const change of plan.steps[0]?.changes ?? []) expect(after && holdsAfter(after, change)).toBe(true);
    expect((await undo()).title).toBe('Undo role on n');
    const back = nodes.get('n');
    expect(back?.labels).toEqual(before.labels);
    expect(back && roleTaintsOf(back)).toEqual(roleTaintsOf(before));
  });

  it('leaves a node alone that has the roles already, whatever others get', () => {
    const bare = node('master etcd', '');
    const { planEdit } = cluster({ ...bare, name: 'm-1' }, { ...node('', ''), name: 'm-2' });
    const { steps, unchanged } = planEdit(edit('+master +etcd'), 'm-1', 'm-2');
    expect([steps.map((step) => step.node), unchanged]).toEqual([['m-2'], ['m-1']]);
  });

  it.each<[string, RoleTaints]>([
    ['decided that there shall be none', PROPOSED],
    ['are as they were asked to be', set('')],
  ])('is told of taints that somebody else set meanwhile, where those that were there %s', async (_, taints) => {
    const { planEdit, apply, nodes } = cluster(node('master etcd', ''));
    const plan = planEdit(edit('+infra', taints), 'n');
    expect(plan.steps[0]?.changes.map(({ field }) => field)).toEqual(['label']);
    const theirs = { ...node('master etcd', 'etcd'), uid: nodes.get('n')?.uid ?? '' };
    nodes.set('n', theirs);
    expect(await apply(plan)).toEqual([
      { node: 'n', state: 'conflict', why: expect.stringContaining('its taints') as string },
    ]);
    expect(nodes.get('n')).toEqual(theirs);
  });

  it('does not mind other taints where they are left as they are', async () => {
    const { planEdit, apply, nodes } = cluster(node('master etcd', ''));
    const plan = planEdit(edit('+infra', KEPT), 'n');
    nodes.set('n', { ...node('master etcd', 'etcd'), uid: nodes.get('n')?.uid ?? '' });
    expect(await apply(plan)).toMatchObject([{ state: 'done' }]);
  });

  it.each<[string, string, Record<string, string>]>([
    ['the role that is given', '+infra', { [roleLabel('infra')]: 'theirs' }],
    ['a role that decided on the taints', '+infra -node', { [roleLabel('etcd')]: '' }],
  ])('is told of %s, changed meanwhile by somebody else', async (_, text, theirs) => {
    const { planEdit, apply, set: change, nodes } = cluster(node('node', ''));
    const plan = planEdit(edit(text), 'n');
    change('n', theirs);
    const left = nodes.get('n');
    const [key = ''] = Object.keys(theirs);
    expect(await apply(plan)).toEqual([
      { node: 'n', state: 'conflict', why: expect.stringContaining(`its label ${key}`) as string },
    ]);
    expect(nodes.get('n')).toEqual(left);
  });

  it('does not mind another role where taints are left as they are', async () => {
    const { planEdit, apply, set: change } = cluster(node('node', ''));
    const plan = planEdit(edit('+infra -node', { mode: 'kept' }), 'n');
    change('n', labels(['etcd']));
    expect(await apply(plan)).toMatchObject([{ state: 'done' }]);
  });

  it('undoes what of it still stands', async () => {
    const { edit: make, plan, set: change } = cluster(node('node', ''));
    await make(edit('+infra -node'), 'n');
    change('n', { [roleLabel('infra')]: 'theirs' });
    expect(plan()).toMatchObject({
      steps: [{ changes: [{ field: 'taint' }, { field: 'label', key: roleLabel('node'), after: '' }] }],
      effects: expect.arrayContaining([
        {
          severity: 'warning',
          sentence:
            'n no longer holds what was written to its label node-role.kubernetes.io/infra: that is left alone.',
        },
      ]) as object[],
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
  .map(({ add, remove, taints }): NodeEdit => ({
    kind: 'role',
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
