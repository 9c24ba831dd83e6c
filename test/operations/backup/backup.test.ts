import { describe, expect, it } from 'vitest';
import { LinkFailure } from '../../../source/links/kubernetes/failure.ts';
import type { BackupCopy } from '../../../source/model/control-plane/control-plane.ts';
import type { PodRow } from '../../../source/model/kubernetes/pod.ts';
import { performBackup } from '../../../source/operations/backup/perform-backup.ts';
import { planBackup } from '../../../source/operations/backup/plan-backup.ts';
import type { BackupReading } from '../../../source/operations/backup/backup-link.ts';
import { isUnanswered, refusedGuard } from '../../../source/operations/plan.ts';
import type { BackupStep } from '../../../source/operations/operation.ts';
import { journalInMemory } from '../../../source/operations/journal.ts';
import { createStore } from '../../../source/state/store.ts';
import { makeNode, makePod } from '../../state/made.ts';
import { NODES_ALONE } from '../nodes-alone.ts';
import { fakeLink } from '../wire-node.ts';

const BOOTSTRAP = makeNode({ name: 'boot', labels: { 'node-role.kubernetes.io/bootstrap': '' } });
const SALT: PodRow = {
  ...makePod({ uid: 'salt', name: 'salt-master-boot', namespace: 'kube-system', node: 'boot' }),
  phase: 'Running',
  ready: { containers: 2, of: 2 },
};

const HOUR = 3_600_000;
const READING: BackupReading = { copies: () => Promise.resolve([]), mayExec: () => Promise.resolve(true) };

const planWith = (pods: readonly PodRow[], nodes = [BOOTSTRAP], reading: Partial<BackupReading> = {}) =>
  planBackup(
    {
      state: createStore([
        { type: 'changed', at: 1, resource: 'nodes', items: nodes },
        { type: 'changed', at: 1, resource: 'pods', items: pods },
      ]).state,
      id: 'op-1',
      readOnly: null,
    },
    { ...READING, ...reading },
    7 * HOUR,
  );

describe('the plan of a backup', () => {
  it('goes through the pod of the Salt master, and shows the line that does the same', async () => {
    const { guards, commands, steps } = await planWith([SALT]);
    expect(guards.map(({ state }) => state)).toEqual(['passed', 'passed', 'passed', 'passed']);
    expect(
      (await planWith([SALT], [BOOTSTRAP, makeNode({ name: 'm-2', labels: { 'node-role.kubernetes.io/master': '' } })]))
        .steps,
    ).toMatchObject([{ masters: ['m-2'] }]);
    expect(steps).toMatchObject([{ task: 'back-up', node: 'boot', pod: 'salt-master-boot' }]);
    expect(commands).toEqual([
      'kubectl exec -n kube-system salt-master-boot -c salt-master -- salt --out=json --static --retcode-passthrough ' +
        '--timeout=1800 boot metalk8s.backup_node',
    ]);
  });

  it.each<[string, readonly PodRow[], (typeof BOOTSTRAP)[], RegExp]>([
    ['there is no bootstrap node', [SALT], [makeNode({ name: 'w' })], /^No node with the role bootstrap is known/],
    ['the pod is not there', [], [BOOTSTRAP], /there is none on boot; run backup\.sh of .* on boot by hand\.$/],
    ['the pod is not ready', [{ ...SALT, ready: { containers: 1, of: 2 } }], [BOOTSTRAP], /is not ready .* by hand\.$/],
    ['the pod goes', [{ ...SALT, deleting: true }], [BOOTSTRAP], /is not ready/],
  ])('says which door is closed when %s', async (_, pods, nodes, says) => {
    const refused = (await planWith(pods, nodes)).guards.filter(({ state }) => state === 'refused');
    expect(refused.map(({ sentence }) => sentence)).toEqual([expect.stringMatching(says)]);
  });
});

const copy = (job: string, outcome: BackupCopy['outcome'], node: string | null = 'm-1'): BackupCopy => ({
  job,
  node,
  startedAt: 1,
  endedAt: outcome === 'running' ? null : 2,
  outcome,
});
const OLD = copy('backup-replication-old', 'done');
const LOST = new LinkFailure({ kind: 'unknown-outcome', message: 'No answer came.', sent: true });
const FORBIDDEN = new LinkFailure({ kind: 'forbidden', message: 'That is forbidden.', sent: true });
const DARK = new LinkFailure({ kind: 'unreachable', message: 'Nobody answers.', sent: false });

it('says what it cannot see of a backup, and how to look', async () => {
  const told = (await planWith([SALT])).effects.map(({ sentence }) => sentence).join(' ');
  expect(told).toMatch(/sees neither .* room .*df -h \/var\/lib\/metalk8s.*etcdutl snapshot status etcd_snapshot/);
});

describe('what the plan of a backup asks', () => {
  it.each<[string, readonly BackupCopy[], RegExp, RegExp | null]>([
    ['no copy is there', [], /^No copy of an archive to a master is there yet\.$/, null],
    ['copies are there', [{ ...OLD, endedAt: HOUR }, copy('failed', 'failed')], /is 6h old\.$/, null],
    ['one is on its way', [copy('x', 'running', 'm-2')], /^No copy/, /^An archive is being copied to m-2: somebody/],
  ])('when %s', async (_, copies, says, warns) => {
    const { guards, effects } = await planWith([SALT], [BOOTSTRAP], { copies: () => Promise.resolve(copies) });
    expect(guards.find(({ name }) => name === 'copies-asked')).toMatchObject({
      state: 'passed',
      sentence: expect.stringMatching(says) as string,
    });
    const warnings = effects.filter(({ severity }) => severity === 'warning').map(({ sentence }) => sentence);
    expect(warnings).toEqual(warns === null ? [] : [expect.stringMatching(warns)]);
  });

  it.each<[string, Partial<BackupReading>, RegExp]>([
    [
      'who may not get',
      { mayExec: (verb) => Promise.resolve(verb === 'create') },
      /^This user has no right to get pods\/exec/,
    ],
    ['whose rights are not told', { mayExec: () => Promise.reject(DARK) }, /could not be asked: Nobody answers\./],
    ['who may not see Jobs', { copies: () => Promise.reject(FORBIDDEN) }, /could not be seen: That is forbidden\./],
  ])('refuses a user %s', async (_, reading, says) => {
    const plan = await planWith([SALT], [BOOTSTRAP], reading);
    expect(refusedGuard(plan)?.sentence).toMatch(says);
    expect(isUnanswered(plan)).toBe(true);
  });

  it('warns a user who may not create, which only newer servers ask for', async () => {
    const { guards, effects } = await planWith([SALT], [BOOTSTRAP], {
      mayExec: (verb) => Promise.resolve(verb === 'get'),
    });
    expect(guards.every(({ state }) => state === 'passed')).toBe(true);
    expect(effects[0]).toMatchObject({ severity: 'warning', sentence: expect.stringContaining('1.35') as string });
  });
});

/** How a backup ends when these copies are listed one after the other, the last for ever. */
async function endOf(
  lists: readonly (readonly BackupCopy[] | Error)[],
  failure: Error | null = null,
  masters = ['m-1'],
) {
  const asked: string[] = [];
  let looks = 0;
  const step: BackupStep = { task: 'back-up', node: 'boot', pod: 'salt-master-boot', masters, does: '' };
  const link = fakeLink();
  const end = await performBackup(
    step,
    {
      ...NODES_ALONE,
      reader: link.reader,
      writer: link.writer,
      backup: {
        copies: () => {
          const list = lists[Math.min(looks++, lists.length - 1)] ?? [];
          return list instanceof Error ? Promise.reject(list) : Promise.resolve(list);
        },
        backUp: (pod, node) => {
          asked.push(`${pod} ${node}`);
          return failure === null ? Promise.resolve() : Promise.reject(failure);
        },
      },
      journal: journalInMemory(),
      store: null,
      now: () => 1,
      who: 'ada',
      context: 'par1',
      patience: { bound: 4, pause: 1 },
    },
    () => undefined,
  );
  return { ...end, asked };
}

describe('a backup', () => {
  it.each<[string, readonly (readonly BackupCopy[] | Error)[], Error | null, string, RegExp]>([
    [
      'is done when new copies are',
      [[OLD], [OLD, copy('new', 'running')], [OLD, copy('new', 'done')]],
      null,
      'done',
      /^The archive was copied to m-1\.$/,
    ],
    [
      'has failed when a copy has',
      [[OLD], [OLD, copy('a', 'done'), copy('b', 'failed', 'm-2')]],
      null,
      'failed',
      /could not be copied to m-2/,
    ],
    [
      'is not known when no copy follows',
      [[OLD]],
      null,
      'unknown',
      /No new copy .* look at \/var\/log\/metalk8s\/backup\.log on boot\.$/,
    ],
    ['is looked for when the answer was lost', [[OLD], [OLD, copy('new', 'done')]], LOST, 'done', /copied to m-1/],
    ['is not known when the answer was lost and no copy follows', [[OLD]], LOST, 'unknown', /^No answer came\./],
    ['is refused by the server', [[OLD]], FORBIDDEN, 'refused', /forbidden/],
    [
      'goes on being looked for while the Jobs cannot be listed',
      [[OLD], DARK, [copy('new', 'done', null)]],
      null,
      'done',
      /copied to new/,
    ],
  ])('%s', async (_, lists, failure, state, says) => {
    expect(await endOf(lists, failure)).toEqual({
      state,
      why: expect.stringMatching(says) as string,
      asked: ['salt-master-boot boot'],
    });
  });

  it.each<[string, readonly (readonly BackupCopy[])[], string, RegExp]>([
    [
      'is done when every master has a copy, though the Jobs come one after the other',
      [[OLD], [copy('a', 'done')], [copy('a', 'done'), copy('b', 'done', 'm-2')]],
      'done',
      /^The archive was copied to m-1 and m-2\.$/,
    ],
    [
      'is not known while a master has none',
      [[OLD], [copy('a', 'done')]],
      'unknown',
      /The archive was copied to m-1, and of a copy to m-2 no end was seen; look at/,
    ],
    [
      'is not known while none is at its end',
      [[OLD], [copy('a', 'running')]],
      'unknown',
      /An archive was made, and of a copy to m-1 and m-2 no end was seen; look at/,
    ],
    [
      'takes no Job for new that was listed before it started',
      [[{ ...copy('a', 'running'), startedAt: null }], [copy('a', 'done')]],
      'unknown',
      /No new copy of an archive/,
    ],
  ])('of two masters %s', async (_, lists, state, says) => {
    expect(await endOf(lists, null, ['m-1', 'm-2'])).toMatchObject({
      state,
      why: expect.stringMatching(says) as string,
    });
  });

  it('is not asked for when its copies could not be seen', async () => {
    expect(await endOf([DARK])).toMatchObject({ state: 'failed', asked: [] });
  });
});
