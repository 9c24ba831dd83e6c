import { describe, expect, it } from 'vitest';
import { holdsAfter } from '../../source/operations/change.ts';
import type { RoleTaints } from '../../source/operations/operation.ts';
import { roleTaintsOf } from '../../source/product/node-roles.ts';
import { roleLabel } from '../../source/product/roles.ts';
import { labels, node, edit, PROPOSED, KEPT, set } from './role-node.ts';
import { cluster } from './small-cluster.ts';

describe('an edit of roles against a server', () => {
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
      { task: 'edit', node: 'n', state: 'conflict', why: expect.stringContaining('its taints') as string },
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
      { task: 'edit', node: 'n', state: 'conflict', why: expect.stringContaining(`its label ${key}`) as string },
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
