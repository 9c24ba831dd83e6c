import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesOf } from '../../source/operations/edit.ts';
import { kubectlLines, shellWord } from '../../source/operations/kubectl-lines.ts';
import type { Change, NodeEdit } from '../../source/operations/operation.ts';
import { makeNode } from '../state/made.ts';

const taint = (key: string, effect: string, value = '') => ({ key, value, effect, timeAdded: null });

const NODES = [
  makeNode({ name: 'wrk-1', labels: { rack: 'a' }, taints: [taint('dedicated', 'NoSchedule', 'shop')] }),
  makeNode({ name: 'wrk-2', labels: { rack: 'a' }, taints: [taint('dedicated', 'NoSchedule', 'shop')] }),
  makeNode({ name: 'wrk-3', labels: {}, taints: null, cordoned: true }),
];

const linesOf = (edit: NodeEdit) =>
  kubectlLines(NODES.map((node) => ({ node: node.name, changes: changesOf(node, edit) })));

describe('the kubectl lines of an edit', () => {
  it.each<[string, NodeEdit, readonly string[]]>([
    [
      'nodes with the same change share a line; --overwrite stands only where kubectl asks for it',
      { kind: 'label', set: { rack: 'b' }, remove: [] },
      ['kubectl label nodes wrk-1 wrk-2 rack=b --overwrite', 'kubectl label nodes wrk-3 rack=b'],
    ],
    ['a label to remove', { kind: 'label', set: {}, remove: ['rack'] }, ['kubectl label nodes wrk-1 wrk-2 rack-']],
    [
      'a taint to change, and one to add',
      { kind: 'taint', add: [taint('dedicated', 'NoSchedule', 'bank')], remove: [], addNodeRole: false },
      [
        'kubectl taint nodes wrk-1 wrk-2 dedicated=bank:NoSchedule --overwrite',
        'kubectl taint nodes wrk-3 dedicated=bank:NoSchedule',
      ],
    ],
    [
      'an untaint with the node role is two lines',
      { kind: 'taint', add: [], remove: [{ key: 'dedicated', effect: 'NoSchedule' }], addNodeRole: true },
      [
        'kubectl label nodes wrk-1 wrk-2 node-role.kubernetes.io/node=',
        'kubectl taint nodes wrk-1 wrk-2 dedicated:NoSchedule-',
        'kubectl label nodes wrk-3 node-role.kubernetes.io/node=',
      ],
    ],
    ['a cordon', { kind: 'cordon' }, ['kubectl cordon wrk-1 wrk-2']],
    ['an uncordon', { kind: 'uncordon' }, ['kubectl uncordon wrk-3']],
  ])('%s', (_, edit, lines) => {
    expect(linesOf(edit).filter((line) => line !== '')).toEqual(lines);
  });

  it('name the context that the operator chose, so that they act on the same cluster when they are copied', () => {
    const changes: readonly Change[] = [
      { field: 'label', key: 'rack', before: null, after: 'b' },
      { field: 'taint', key: 'k', effect: 'NoExecute', before: { ...taint('k', 'NoExecute') }, after: null },
      { field: 'cordoned', before: true, after: false },
    ];
    expect(kubectlLines([{ node: 'wrk-1', changes }], 'my production')).toEqual([
      "kubectl --context 'my production' label nodes wrk-1 rack=b",
      "kubectl --context 'my production' taint nodes wrk-1 k:NoExecute-",
      "kubectl --context 'my production' uncordon wrk-1",
    ]);
  });
});

describe('a word for the shell', () => {
  it('is read back by sh as it was, whatever it holds', () => {
    const words = fc.sample(
      fc.string({ unit: 'grapheme', minLength: 1 }).filter((word) => !word.includes('\0')),
      { numRuns: 200, seed: 3 },
    );
    const hostile = ["'; rm -rf $HOME; '", '$(id)', '`id`', 'a b', '"', '\n', '!!', '~', '*', ...words];
    const script = `printf '%s\\0' ${hostile.map(shellWord).join(' ')}`;
    expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)).toEqual(hostile);
  });

  it('of the usual kind stays bare', () => {
    expect(['wrk-1', 'a.b/c=d', 'k:NoSchedule-'].map(shellWord)).toEqual(['wrk-1', 'a.b/c=d', 'k:NoSchedule-']);
  });
});
