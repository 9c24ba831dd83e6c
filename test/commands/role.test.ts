import { describe, expect, it, test } from 'vitest';
import type { JournalDocument } from '../../source/commands/kinds/journal.ts';
import type { NodeList } from '../../source/commands/kinds/node-list.ts';
import type { OperationDocument } from '../../source/commands/kinds/operation.ts';
import { schemaErrors } from './program.ts';
import { sandboxed } from './sandboxed.ts';

const here = sandboxed();
const { cli, json } = here;
const WORKER = 'par1-worker-1';

async function nodeOf(name: string) {
  const { roles, taints } = ((await json(`nodes ${name}`)).document as NodeList).items[0] ?? {};
  return { roles, taints: taints?.map(({ key, effect }) => `${key}:${effect}`) };
}

describe('roles by command', () => {
  it('are changed with their taints, said before, and taken back', async () => {
    const { code, stdout, stderr } = await cli(`role ${WORKER} +infra -node --yes`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining([
        `Change roles of ${WORKER}`,
        '  + label node-role.kubernetes.io/infra=',
        '  - label node-role.kubernetes.io/node=',
        '  + taint node-role.kubernetes.io/infra:NoSchedule',
        expect.stringMatching(/^Warning: par1-worker-1: the role infra is set up on the machine only when/),
        `Same as: kubectl label nodes ${WORKER} node-role.kubernetes.io/infra= node-role.kubernetes.io/node-`,
        `Same as: kubectl taint nodes ${WORKER} node-role.kubernetes.io/infra:NoSchedule`,
        `${WORKER}: done`,
      ]),
    );
    expect(await nodeOf(WORKER)).toEqual({ roles: ['infra'], taints: ['node-role.kubernetes.io/infra:NoSchedule'] });
    const { items } = (await json('journal')).document as JournalDocument;
    expect(items).toMatchObject([{ operation: 'role', object: WORKER, result: 'done' }]);
    expect((await cli('undo --yes')).code).toBe(0);
    expect(await nodeOf(WORKER)).toEqual({ roles: ['node'], taints: [] });
  });

  it('answer programs by the schema, and change nothing with --dry-run', async () => {
    const { code, document } = await json(`role ${WORKER} -node +etcd --dry-run`);
    expect({ code, errors: schemaErrors('operation', document) }).toEqual({ code: 0, errors: [] });
    const { operation } = document as OperationDocument;
    expect(operation).toMatchObject({
      name: 'role',
      dryRun: true,
      results: [],
      plan: [{ dryRun: { state: 'accepted' } }],
    });
    expect(operation.plan[0]?.changes).toHaveLength(3);
    expect(operation.effects.map(({ sentence }) => sentence)).toContainEqual(
      expect.stringContaining('4 nodes then have the role etcd, an even number'),
    );
    expect(await nodeOf(WORKER)).toEqual({ roles: ['node'], taints: [] });
  });

  test.each<[string, string[]]>([
    ['', ['label']],
    [' --taint', ['label', 'taint']],
    [' --no-taint', ['label']],
  ])('of a node without roles%s', async (flags, fields) => {
    expect((await cli(`role ${WORKER} -node --no-taint --yes`)).code).toBe(0);
    try {
      const { document } = await json(`role ${WORKER} +infra${flags} --dry-run`);
      const changes = (document as OperationDocument).operation.plan.flatMap(({ changes = [] }) => changes);
      expect(changes.map(({ field }) => field)).toEqual(fields);
    } finally {
      expect((await cli(`role ${WORKER} +node --no-taint --yes`)).code).toBe(0);
    }
  });

  it('of many nodes, by selector, are one plan', async () => {
    const { document } = await json('role -l node-role.kubernetes.io/node -node +infra --dry-run');
    const { operation } = document as OperationDocument;
    expect(operation.plan.map(({ node }) => node)).toEqual(['par1-worker-1', 'par1-worker-2', 'par1-worker-3']);
    expect(operation.effects).toContainEqual({
      severity: 'warning',
      sentence: 'No node is left that takes pods without tolerations: new ones stay Pending.',
    });
  });

  it('say who finds no node any more, over all pods of the cluster', async () => {
    const { document } = await json('role par1-control-1 par1-control-2 -infra --dry-run');
    const sentences = (document as OperationDocument).operation.effects.map(({ sentence }) => sentence);
    expect(sentences).toContainEqual(
      expect.stringMatching(
        /^No Ready node with the role infra is left that would take monitoring, the web UIs and CoreDNS \(\d+ pods/,
      ),
    );
    const asTaint = await json(
      'taint par1-control-1 par1-control-2 par1-bootstrap node-role.kubernetes.io/etcd:NoSchedule --dry-run',
    );
    expect((asTaint.document as OperationDocument).operation.effects.map(({ sentence }) => sentence)).toContainEqual(
      expect.stringMatching(/^No node with the role master is left that would take .*ingress-nginx-control-plane/),
    );
  });
});

test.each([
  [`role ${WORKER}`, 'No role is given; write +ROLE to give one or -ROLE to take one away.'],
  [`role ${WORKER} infra`, 'No role is given; write +ROLE to give one or -ROLE to take one away.'],
  ['role +infra', 'No node is named; give names of nodes, -l SELECTOR or --all.'],
  [`role ${WORKER} +infar`, 'There is no role "+infar"; did you mean "+infra"?'],
  [`role ${WORKER} +zebra`, 'There is no role "+zebra"; say one of +master, +etcd, +infra, +node.'],
  [`role ${WORKER} -infar`, 'There is no flag -infar; did you mean "-infra"?'],
  [`role ${WORKER} +infra -infra`, 'The role infra cannot be both given and taken away.'],
  [
    `role ${WORKER} +infra --taint --no-taint`,
    '--taint and --no-taint are opposites; give one of them, or none for what MetalK8s proposes.',
  ],
  ['role par1-worker-11 +infra', 'There is no node "par1-worker-11"; did you mean "par1-worker-1"?'],
])('%s ends with 2 and one sentence', async (line, sentence) => {
  expect(await cli(`${line} --yes`)).toEqual({ code: 2, stdout: '', stderr: `${sentence}\n` });
});

test.each(['+bootstrap', '-bootstrap'])('%s is refused before anything is asked of the cluster', async (word) => {
  const before = here.sandbox.requests.length;
  const { code, stderr } = await cli(`role ${WORKER} ${word} --yes`);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^The role bootstrap [^\n]+ live\.\n$/)]);
  expect(here.sandbox.requests).toHaveLength(before);
});
