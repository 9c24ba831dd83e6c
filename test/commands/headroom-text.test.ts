import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerOf, LARGEST, type Question } from '../../source/commands/headroom-answer.ts';
import { headroomText } from '../../source/commands/headroom-text.ts';
import { ANYWHERE } from '../../source/model/kubernetes/placement.ts';
import type { ClusterState } from '../../source/state/cluster-state.ts';
import { ESTIMATE } from '../../source/state/headroom-words.ts';
import { makeNode, makePod, makeUsage } from '../state/made.ts';
import { asked, fit, GI, NODES, NOTHING, onLarge, role, state, STORAGE } from './headroom-picture.ts';
import { OBEYED, pictured } from './pictured.ts';

const textOf = (of: ClusterState, question: Question = NOTHING, wide = false): string =>
  headroomText(answerOf(of, question), wide);

describe('headroom for people', () => {
  it('begins with the words', () => {
    expect(textOf(state).split('\n').slice(0, 4)).toEqual([
      'Free for workloads on 2 open nodes of 4: 5 cores and 15Gi, 215 pods.',
      'Largest hole: 3 cores and 11Gi on large.',
      'If large is lost: 2 pods must move; 1 pod would stay Pending: no other node takes it; ' +
        '1 pod cannot move: its volume is on the node; 1 pod would be gone: no controller makes it anew; ' +
        '1.5 cores and 3Gi left for workloads.',
      ESTIMATE,
    ]);
  });

  it('says what a loss does not look at where pods ask for it', () => {
    const spread = onLarge('spread', {
      placement: { ...ANYWHERE, unmodelled: ['spread over topologies'] },
    });
    expect(textOf(pictured({ nodes: NODES, pods: [spread], ...STORAGE }))).toContain(
      '\nSome of these pods ask for spread over topologies, which is not looked at.\n',
    );
  });

  it('never says zero of what open nodes do not tell, and keeps what they do', () => {
    const nothing = { cpu: null, memory: null, ephemeralStorage: null, pods: null };
    const closed = makeNode({ name: 'closed', cordoned: true });
    const untold = textOf(pictured({ nodes: [makeNode({ name: 'a', allocatable: nothing }), closed], pods: [] }));
    expect(untold).toContain('Free for workloads: not known, for no node here says what it offers.\n');
    const { cpu, memory, pods } = makeNode({ name: 'b' }).allocatable;
    const partly = makeNode({ name: 'b', allocatable: { cpu, memory, pods, ephemeralStorage: null } });
    expect(textOf(pictured({ nodes: [partly], pods: [] }))).toMatch(/Free for workloads on 1 open node of 1: [1-9]/);
  });

  it('says that no open node is left, not that nothing is', () => {
    const alone = pictured({ nodes: [makeNode({ name: 'alone' })], pods: [] });
    expect(textOf(alone)).toContain('If alone is lost: no pod must move; no open node left for workloads.\n');
  });

  it('says that no node is open, not that open nodes have no room', () => {
    const closed = pictured({ nodes: [makeNode({ name: 'closed', cordoned: true })], pods: [] });
    expect(textOf(closed)).toContain('Largest hole: none to name, for none of 1 node is open.\n');
    expect(textOf(pictured({ nodes: [], pods: [] }))).toContain('Largest hole: none to name, for there is no node.\n');
    const { cpu, memory, ephemeralStorage } = makeNode({ name: 'full' }).allocatable;
    const full = makeNode({ name: 'full', allocatable: { cpu, memory, ephemeralStorage, pods: 0 } });
    expect(textOf(pictured({ nodes: [full], pods: [] }))).toContain('for no open node has room for a pod.\n');
  });

  it('says of a role which words are of its nodes, and which of the whole cluster', () => {
    const aside = 'Where pods move to, and what is left for workloads then, is of the whole cluster.';
    expect(textOf(state)).not.toContain(aside);
    expect(
      textOf(state, asked({ role: 'node' }))
        .split('\n')
        .slice(0, 6),
    ).toEqual([
      'Of the nodes with the role node:',
      expect.stringMatching(/^Free for workloads on 2 open nodes of 2: /),
      expect.stringMatching(/^Largest hole: /),
      expect.stringMatching(/^If large is lost: /),
      aside,
      ESTIMATE,
    ]);
    expect(textOf(state, asked({ role: 'bootstrap' }))).not.toContain(aside);
  });

  it('answers what was asked before what is always told', () => {
    const lines = (given: Partial<Question>) => textOf(state, asked({ role: 'node', ...given })).split('\n');
    expect(lines({ fits: [fit(1_000, 1, 3)] }).slice(0, 3)).toEqual([
      expect.stringMatching(/^Fits: 3 pods of 1 core and 1Gi of memory; /),
      'Of the nodes with the role node:',
      expect.stringMatching(/^Free for workloads /),
    ]);
    const both = lines({ lost: 'small', fits: [fit(1_000, 1, 3)] });
    expect(both.slice(0, 2)).toEqual([
      expect.stringMatching(/^Fits with all nodes up: /),
      expect.stringMatching(/^If small is lost: no pod must move; /),
    ]);
    expect(both.filter((line) => line.includes(' is lost: '))).toHaveLength(1);
    expect(both.indexOf('Of the nodes with the role node:')).toBeGreaterThan(both.indexOf(ESTIMATE));
  });

  it('tells that a node counts under each of its roles, and which are too small for theirs', () => {
    const text = textOf(state);
    expect(text).toContain('By role (a node counts under each of its roles):\n');
    expect(text).toMatch(
      /ROLE +NODES +CPU +CPU-MARGIN +CPU-HAS +MEMORY +MEMORY-MARGIN +MEMORY-HAS +UNDERSIZED +TIGHT$/m,
    );
    expect(text).toMatch(/^ {2}etcd +1 +1\.2 +1\.8 +1 +2\.5 +3\.75 +8\.59 +master +-$/m);
    expect(text).toMatch(/^ {2}bootstrap +0 +0 +0 +0 +0 +0 +0 +- +-$/m);
    expect(text).toMatch(/^ {2}cluster +4 +2 +6\/14\.9 40% +8\.9 +5 /m);
    expect(text).toMatch(/^ {2}control-plane +1 +0 +1\/0\.9 111% +-0\.1 +0 /m);
  });

  it('lists each pod of a lost node with its end, what goes wrong first', () => {
    const lines = textOf(state, asked({ lost: LARGEST })).split('\n');
    const from = lines.indexOf('Pods of large that do not go with the machine:');
    expect(lines.slice(from + 2, from + 6)).toEqual([
      expect.stringMatching(/^ {2}shop +huge +3 +1Gi +would stay Pending: no other node takes it$/),
      expect.stringMatching(/database .* cannot move: its volume is on the node$/),
      expect.stringMatching(/bare .* would be gone: no controller makes it anew$/),
      expect.stringMatching(/web .* moves to small$/),
    ]);
  });

  it('has the nodes with -o wide or of a role', () => {
    expect(textOf(state)).not.toContain('By node');
    expect(textOf(state, NOTHING, true)).toMatch(/By node:\n +NODE +OPEN +CPU .*\n +infra +no .*\n +large +yes /);
    expect(textOf(state, asked({ role: 'infra' }))).toMatch(/By node:\n.*\n +infra .*\n$/);
  });

  it('never says what a role has where one of its nodes does not', () => {
    const silent = makeNode({
      name: 'silent',
      labels: role('etcd'),
      capacity: { cpu: null, memory: 8 * GI, ephemeralStorage: null, pods: null },
    });
    expect(textOf(pictured({ nodes: [...NODES, silent], pods: [] }))).toMatch(
      /^ {2}etcd +2 +1\.9 +2\.85 +\? +4 +6 +17\.18 +/m,
    );
  });

  it('has no limit where no pod has one, and says of how many nodes it knows what they use', () => {
    const limited = onLarge('limited', { limits: { cpu: 2_000, memory: 0, ephemeralStorage: 0 } });
    const usage = [
      makeUsage({ uid: 'large', cpu: 9_500, memory: GI }),
      makeUsage({ uid: 'small', cpu: 500, memory: GI }),
    ];
    const text = textOf(pictured({ nodes: NODES, pods: [limited], usage, ...STORAGE }), NOTHING, true);
    const cells = (row: string): readonly string[] =>
      new RegExp(`^ {2}${row} +(.*)$`, 'm').exec(text)?.[1]?.split(/ {2,}/) ?? [];
    const titles = cells('GROUP');
    const cell = (row: string, title: string): string | undefined => cells(row)[titles.indexOf(title)];
    expect([cell('workload', 'CPU-LIMITS'), cell('workload', 'MEMORY-LIMITS')]).toEqual(['2', '-']);
    expect(cell('infra', 'CPU-LIMITS')).toBe('-');
    expect([cell('workload', 'CPU-USED'), cell('workload', 'MEMORY-USED')]).toEqual(['10', '2Gi']);
    expect([cell('cluster', 'CPU-USED'), cell('cluster', 'MEMORY-USED')]).toEqual([
      '10 (of 2 of 4 nodes)',
      '2Gi (of 2 of 4 nodes)',
    ]);
    expect(cell('infra', 'CPU-USED')).toBe('?');
  });

  it('reads the same of what is offered and of what is free where nothing is requested', () => {
    const odd = { cpu: 3_999, memory: 64 * GI - 1, ephemeralStorage: 180.9 * GI, pods: 110 };
    const text = textOf(pictured({ nodes: [makeNode({ name: 'odd', allocatable: odd })], pods: [] }), NOTHING, true);
    expect(text).toMatch(/^ {2}cluster +1 +1 +0\/3\.99 0% +3\.99 .* 0\/63\.9Gi 0% +63\.9Gi .* 0\/180Gi 0% +180Gi /m);
    const some = makePod({ uid: 'some', node: 'odd', requests: { cpu: 3_980, memory: 512, ephemeralStorage: 0 } });
    const taken = textOf(pictured({ nodes: [makeNode({ name: 'odd', allocatable: odd })], pods: [some] }));
    expect(taken).toMatch(/^ {2}cluster +1 +1 +3\.98\/3\.99 99% +0\.01 /m);
  });

  it('says that a request is placed with all nodes up, where a loss is asked for too', () => {
    const text = textOf(state, asked({ lost: 'large', fits: [fit(1_000, 1, 3), fit(99_000, 0, 1)] }));
    expect(text).toContain('Fits with all nodes up: 3 pods of 1 core and 1Gi of memory; there is room for 5: ');
    expect(text).toContain('Does not fit with all nodes up: 1 pod of 99 cores; there is room for none.\n');
  });

  it('tells what is in the way only where something does not fit', () => {
    const taint = 'the taint node-role.kubernetes.io/infra:NoSchedule';
    expect(textOf(state, asked({ fits: [fit(1_000, 1, 3)] }))).not.toContain(taint);
    expect(textOf(state, asked({ fits: [fit(1_000, 1, 99)] }))).toContain(taint);
  });

  it('says whether it fits, and the reason where nothing can be told', () => {
    const text = textOf(state, asked({ fits: [fit(1_000, 1, 3), fit(99_000, 0, 1)] }));
    expect(text).toContain(
      'Fits: 3 pods of 1 core and 1Gi of memory; there is room for 5: 3 on large and 2 on small.\n',
    );
    expect(text).toContain('Does not fit: 1 pod of 99 cores; there is room for none.\n');
    expect(textOf(state, asked({ fits: [{ ...fit(0, 0, 1), memory: 512 }] }))).toContain(
      'Fits: 1 pod of 512 bytes of memory; ',
    );
    const blind = textOf(pictured({ nodes: NODES }), asked({ lost: 'large', fits: [fit(1, 1, 1)] }));
    expect(blind).toContain('Free for workloads: not known, for not asked yet.\n');
    expect(blind).toContain('What the loss of a node would cost cannot be told, for not asked yet.\n');
    expect(blind).toContain('Whether it fits: not known: not asked yet\n');
  });

  it('names a node on which something fits as not Ready where no taint says so', () => {
    const silent = makeNode({
      name: 'silent',
      conditions: [{ type: 'Ready', status: 'Unknown', reason: '', message: '', since: null }],
    });
    const leaving = makeNode({ name: 'leaving', deleting: true });
    const text = textOf(pictured({ nodes: [silent, leaving], pods: [] }), asked({ fits: [fit(1_000, 1, 1)] }));
    expect(text).toMatch(/there is room for 6: 3 on leaving \(being deleted\) and 3 on silent \(not Ready\)\.\n/);
  });

  it('draws nothing that a terminal would obey, whatever the cluster says', () => {
    const hostile = fc.string({ unit: fc.constantFrom('\u001b', '[2J', '\n', '\r', '\u202e', '\u009b', 'a', '字') });
    fc.assert(
      fc.property(hostile, hostile, (name, text) => {
        const nodes = [
          makeNode({ name: `n${name}`, labels: role('node') }),
          makeNode({ name: 'o', taints: [{ key: text, value: text, effect: 'NoSchedule', timeAdded: null }] }),
        ];
        const pods = [makePod({ uid: 'p', node: `n${name}`, name: text, namespace: text })];
        const shown = textOf(
          pictured({ nodes, pods, ...STORAGE }),
          asked({ lost: `n${name}`, fits: [fit(9_000, 1, 1), fit(1, 0, 1)] }),
          true,
        );
        expect(shown).not.toMatch(OBEYED);
        expect(shown).toContain('If n');
      }),
    );
  });
});
