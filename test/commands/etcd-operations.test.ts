import { describe, expect, it } from 'vitest';
import type { JournalDocument } from '../../source/commands/kinds/journal.ts';
import type { OperationDocument } from '../../source/commands/kinds/operation.ts';
import { schemaErrors } from './program.ts';
import type { SandboxClock } from '../../source/sandbox/clock.ts';
import { sandboxed, type Sandboxed } from './sandboxed.ts';

/** Time that passes so many times as quickly, for what takes its time in a cluster. */
function quick(times: number): SandboxClock {
  const began = Date.now();
  return {
    now: () => began + (Date.now() - began) * times,
    after(milliseconds, callback) {
      const timer = setTimeout(callback, Math.min(milliseconds / times, 2 ** 31 - 1));
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

type Operation = OperationDocument['operation'];

/** The operation of a command line, whose document is right by its schema, and how it ended. */
async function operationOf({ json }: Sandboxed, line: string): Promise<Operation & { readonly code: number }> {
  const { code, document, stderr } = await json(line);
  expect({ line, stderr, errors: schemaErrors('operation', document) }).toEqual({ line, stderr, errors: [] });
  return { ...(document as OperationDocument).operation, code };
}

const namesOf = (steps: readonly { readonly task: string; readonly node: string }[]): string[] =>
  steps.map(({ task, node }) => `${task} ${node}`);

describe('on a healthy cluster', () => {
  const here = sandboxed({ clock: quick(20) });

  it('defragments one member after the other, the leader last, and writes each down', async () => {
    const { plan, results, code, guards, confirmation } = await operationOf(here, 'etcd defragment --yes');
    expect({ code, confirmation }).toEqual({ code: 0, confirmation: null });
    expect(plan.map(({ does }) => does?.[0])).toEqual([
      expect.stringMatching(/^defragment member .*\(follower\): [\d.]+Mi, [\d.]+Mi of it in use$/),
      expect.stringMatching(/\(follower\)/),
      expect.stringMatching(/\(leader\)/),
    ]);
    expect(guards.every(({ state }) => state === 'passed')).toBe(true);
    expect(namesOf(results)).toEqual(namesOf(plan));
    for (const { state, why } of results)
      expect({ state, why }).toEqual({
        state: 'done',
        why: expect.stringMatching(/in the file before, .* now\.$/) as string,
      });
    const { items } = (await here.json('journal')).document as JournalDocument;
    expect(items.map(({ task, result, command }) => [task, result, command])).toEqual(
      plan
        .toReversed()
        .map(({ node }) => ['defragment', 'done', expect.stringContaining(`etcd-${node} -- etcdctl`) as string]),
    );
    const undo = await here.cli('undo --yes');
    expect({ code: undo.code, says: undo.stderr }).toEqual({
      code: 2,
      says: expect.stringContaining('There is nothing to undo') as string,
    });
    const { stderr } = await here.cli(`undo ${items[0]?.id ?? ''} --yes`);
    expect(stderr).toContain('has no way back');
  });

  it('shows a plan for people: what it means for the quorum, and the lines that do the same', async () => {
    const { stdout, code } = await here.cli('etcd defragment par1-control-1 --dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Defragment etcd on par1-control-1\npar1-control-1: defragment\n {4}defragment member par1-control-1/,
    );
    expect(stdout).toMatch(/Warning: One member .* 2 of 3 take part and 2 are needed .* none of them may fail\./);
    expect(stdout).toMatch(/Same as: kubectl exec -n kube-system etcd-par1-control-1 -- etcdctl .* defrag\n$/);
  });

  it('tells people how each step ends as it does, with its time, and of each that it was begun', async () => {
    const { stdout, stderr, code } = await here.cli('etcd defragment --yes');
    const [first] = stdout.split('\n');
    const nodes = (/ on (\S+), (\S+) and (\S+)$/.exec(first ?? '') ?? []).slice(1);
    expect({ code, nodes: nodes.length, begun: stderr }).toEqual({
      code: 0,
      nodes: 3,
      begun: nodes.map((node) => `${node}: defragment …\n`).join(''),
    });
    const ends = stdout.split('\n').filter((line) => line.includes(': done'));
    expect(ends).toEqual(
      nodes.map(
        (node) =>
          expect.stringMatching(
            `^${node}: defragment: done( \\(\\d+s\\))?: .* in the file before, .* now\\.$`,
          ) as string,
      ),
    );
  });

  it('moves the leader to the member that is named, and says so when it leads already', async () => {
    const [step] = (await operationOf(here, 'etcd move-leader --dry-run')).plan;
    const from = step?.node ?? '';
    const to = ['par1-bootstrap', 'par1-control-1', 'par1-control-2'].find((node) => node !== from) ?? '';
    const moved = await operationOf(here, `etcd move-leader ${to} --yes`);
    expect([moved.code, moved.results]).toEqual([0, [{ task: 'move-leader', node: from, state: 'done', why: null }]]);
    const again = await operationOf(here, `etcd move-leader ${to} --yes`);
    expect([again.code, again.plan, again.unchanged]).toEqual([0, [], [to]]);
  });

  it('has nothing to disarm', async () => {
    const { stdout, code } = await here.cli('etcd disarm --yes');
    expect([code, stdout]).toEqual([0, 'Disarm the alarms of etcd\nNo alarm is raised: there is nothing to disarm.\n']);
  });

  it.each([
    ['etcd defragment nobody --yes', 2, /etcd has no member "nobody"; it has par1-/],
    ['etcd move-leader nobody --yes', 2, /etcd has no member "nobody"/],
    ['etcd defragment --yes --read-only', 1, /read-only/],
    ['etcd defragment', 2, /add --yes/],
    ['etcd defrag --yes', 2, /did you mean "etcd defragment"\?/],
  ])('%s', async (line, code, says) => {
    const ended = await here.cli(line);
    expect({ code: ended.code, says: ended.stderr + ended.stdout }).toEqual({
      code,
      says: expect.stringMatching(says) as string,
    });
  });

  it('tells a user who may not run commands in pods which right is missing, and changes nothing', async () => {
    const { code, stdout } = await here.cli('etcd defragment --yes', { user: 'reader' });
    expect({ code, stdout }).toEqual({ code: 3, stdout: expect.stringMatching(/pods\/exec/) as string });
  });

  it('backs up as the product does, and sees the copies on the masters', async () => {
    const { stdout } = await here.cli('backup --dry-run');
    expect(stdout).toMatch(
      /\nThe pod salt-master-par1-bootstrap is ready .*\n.*\nThe newest copy of an archive .* old\.\n/,
    );
    const { code, results, commands } = await operationOf(here, 'backup --yes');
    expect([code, commands]).toEqual([
      0,
      [
        expect.stringMatching(
          /^kubectl exec -n kube-system salt-master-par1-bootstrap -c salt-master -- salt /,
        ) as string,
      ],
    ]);
    expect(results).toEqual([
      {
        task: 'back-up',
        node: 'par1-bootstrap',
        state: 'done',
        why: expect.stringMatching(/^The archive was copied to par1-/) as string,
      },
    ]);
  });

  it('backs nothing up for who may not run commands in pods, and never says that it did', async () => {
    const { code, stdout } = await here.cli('backup --yes', { user: 'reader' });
    expect({ code, stdout }).toEqual({ code: 3, stdout: expect.stringMatching(/pods\/exec/) as string });
  });
});

describe('with a full database', () => {
  const here = sandboxed({ scene: 'etcd-nospace', clock: quick(50) });

  it('is not defragmented alone', async () => {
    const { code, guards, results } = await operationOf(here, 'etcd defragment --yes');
    expect([code, results]).toEqual([1, []]);
    expect(guards.filter(({ state }) => state === 'refused').map(({ sentence }) => sentence)).toEqual(
      expect.arrayContaining([expect.stringContaining('raised the alarm NOSPACE: disarm it instead') as string]),
    );
  });
});

describe('a full database', () => {
  const here = sandboxed({ scene: 'etcd-nospace', clock: quick(50) });

  it('is made writable again step by step', async () => {
    const refused = await here.cli('cordon par1-worker-1 --yes');
    expect(refused.stdout + refused.stderr).toContain('database space exceeded');
    const { results, code } = await operationOf(here, 'etcd disarm --yes');
    expect(results.map(({ task, state }) => [task, state])).toEqual([
      ['compact', 'done'],
      ['defragment', 'done'],
      ['defragment', 'done'],
      ['defragment', 'done'],
      ['disarm', 'done'],
    ]);
    expect(code).toBe(0);
    expect((await here.cli('cordon par1-worker-1 --yes')).code).toBe(0);
  });
});

describe('with a member down', () => {
  const here = sandboxed({ scene: 'etcd-member-down' });

  it.each(['etcd defragment --yes', 'etcd defragment par1-bootstrap --yes'])('%s is refused', async (line) => {
    const { code, guards, results } = await operationOf(here, line);
    expect([code, results]).toEqual([1, []]);
    const [guard] = guards.filter(({ state }) => state === 'refused');
    expect(guard?.sentence).toMatch(
      /^Every member has to be healthy, and not all are: .* 2 of 3 take part and 2 are needed/,
    );
  });
});
