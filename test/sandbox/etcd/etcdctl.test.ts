import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock, startSandbox, type ManualClock, type Sandbox } from '../../../source/sandbox/sandbox.ts';
import { etcdctl } from '../../../source/sandbox/server/etcd/etcdctl.ts';
import type { Ran } from '../../../source/sandbox/server/exec-channels.ts';
import { readRecordings } from '../recordings.ts';
import { driven, ETCDCTL, exec, type Heard } from './ask.ts';

const { RECORDINGS = '' } = process.env;

let sandbox: Sandbox;
let clock: ManualClock;
beforeEach(async () => {
  clock = manualClock();
  sandbox = await startSandbox({ clock, heartbeats: false, churn: false });
});
afterEach(() => sandbox.stop());

const BOOTSTRAP = 'etcd-par1-bootstrap';
const run = (words: string, pod = BOOTSTRAP, given: Parameters<typeof exec>[3] = {}): Promise<Heard> =>
  driven(clock, exec(sandbox, pod, [...ETCDCTL, ...words.split(' ')], given));
const output = async (words: string, pod?: string): Promise<string> => {
  const { channels, ending } = await run(words, pod);
  expect(ending).toEqual({ metadata: {}, status: 'Success' });
  return channels[1] ?? '';
};
/** JSON in which numbers of more digits than a number holds are texts. */
const document = async (words: string): Promise<unknown> =>
  JSON.parse((await output(`${words} -w json`)).replaceAll(/:(\d{16,})/g, ':"$1"'));
const failed = (code: number): object => ({
  status: 'Failure',
  reason: 'NonZeroExitCode',
  details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
});

/** Names of the fields of a document, with what is below them; a list by its first. */
const shape = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])];
  if (typeof value !== 'object' || value === null) return '';
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shape(each)]));
};

describe('etcdctl in the pod of a member', () => {
  it('lists the members in the order of their ids, which are whole', async () => {
    const { members, cluster } = sandbox.world.etcd;
    const ids = members.map(({ id }) => id).sort((a, b) => (a < b ? -1 : 1));
    expect(await document('member list')).toEqual({
      header: { cluster_id: String(cluster), member_id: String(members[0]?.id), raft_term: 4 },
      members: ids.map((id) => {
        const member = members.find((each) => each.id === id);
        return {
          ID: String(id),
          name: member?.node,
          peerURLs: [`https://${member?.address ?? ''}:2380`],
          clientURLs: [`https://${member?.address ?? ''}:2379`],
        };
      }),
    });
    expect((await output('member list')).split('\n')[0]).toMatch(
      /^[0-9a-f]{16}, started, par1-\S+, https:\/\/10\.1\.0\.1\d:2380, https:\/\/10\.1\.0\.1\d:2379, false$/,
    );
  });

  it('tells the status of all members', async () => {
    const statuses = (await document('endpoint status --cluster')) as { Status: Record<string, unknown> }[];
    const { members, leader } = sandbox.world.etcd;
    expect(statuses.map(({ Status }) => [Status['version'], Status['dbSize'], Status['leader']])).toEqual(
      members.map(({ size }) => ['3.5.15', size, String(leader?.id)]),
    );
  });

  it('tells that all are well', async () => {
    const healths = (await document('endpoint health --cluster')) as { health: boolean }[];
    expect(healths.map(({ health }) => health)).toEqual([true, true, true]);
  });

  it('tells of those that answer, and fails, while one is down', async () => {
    sandbox.world.etcd.stop('par1-control-2');
    const status = await run('--command-timeout=2s endpoint status --cluster -w json');
    expect(JSON.parse(status.channels[1] ?? '')).toHaveLength(2);
    expect(status.channels[2]).toBe(
      'Failed to get the status of endpoint https://10.1.0.13:2379 (context deadline exceeded)\n',
    );
    expect(status.ending).toMatchObject(failed(1));
    const health = await run('endpoint health --cluster -w json');
    expect(JSON.parse(health.channels[1] ?? '')).toMatchObject([
      { health: true },
      { health: true },
      { endpoint: 'https://10.1.0.13:2379', health: false, error: 'context deadline exceeded' },
    ]);
    expect(health.channels[2]).toBe('Error: unhealthy cluster\n');
  });

  it('waits in vain for what needs a quorum, and tells its own status', async () => {
    const { etcd } = sandbox.world;
    const [member] = etcd.members;
    for (const node of ['par1-control-1', 'par1-control-2']) etcd.stop(node);
    const ran = (words: string): Promise<Ran> => {
      if (!member) throw new Error('there is no member');
      return driven(clock, etcdctl(etcd, member, [...ETCDCTL.slice(1), ...words.split(' ')], clock));
    };
    for (const words of ['member list', 'alarm list', 'alarm disarm', 'compact 1']) {
      expect(await ran(words)).toEqual({ stdout: '', stderr: 'Error: context deadline exceeded\n', code: 1 });
    }
    expect((await ran('endpoint status --cluster')).stderr).toBe(
      'Error: failed to fetch endpoints from etcd cluster member list: context deadline exceeded\n',
    );
    const [status] = JSON.parse((await ran('endpoint status -w json')).stdout) as { Status: object }[];
    expect(status?.Status).toMatchObject({ errors: ['etcdserver: no leader'] });
    expect(status?.Status).not.toHaveProperty('leader');
  });

  it('makes the file of a member smaller, which takes time', async () => {
    const [member] = sandbox.world.etcd.members;
    const before = member?.size ?? NaN;
    const begun = clock.now();
    expect(await output('--command-timeout=10m defrag')).toBe(
      'Finished defragmenting etcd member[https://127.0.0.1:2379]\n',
    );
    expect(clock.now() - begun).toBeGreaterThan(600);
    expect(member?.size).toBe(sandbox.world.etcd.inUse);
    expect(member?.size).toBeLessThan(before);
    expect(sandbox.world.etcd.members[1]?.size).toBeGreaterThan(before * 0.9);
  });

  it('compacts up to a revision that there is, once', async () => {
    const { revision } = sandbox.world.etcd;
    sandbox.world.nodes.update('par1-worker-1', (node) => ({ ...node }));
    sandbox.world.nodes.update('par1-worker-1', (node) => ({ ...node, spec: { ...node.spec, unschedulable: true } }));
    expect(await output(`compact --physical ${revision + 1}`)).toBe(`compacted revision ${revision + 1}\n`);
    const again = await run(`compact ${revision + 1}`);
    expect([again.channels[2], again.ending]).toEqual([
      'Error: etcdserver: mvcc: required revision has been compacted\n',
      expect.objectContaining(failed(1)),
    ]);
    expect((await run('compact 99999999')).channels[2]).toBe(
      'Error: etcdserver: mvcc: required revision is a future revision\n',
    );
  });

  it('moves the leader, when it is the leader that is asked', async () => {
    const { members, leader } = sandbox.world.etcd;
    const [target] = members;
    const elsewhere = await run(`move-leader ${target?.hex ?? ''}`);
    expect([elsewhere.channels[2], elsewhere.ending]).toEqual([
      'Error: no leader endpoint given at [https://127.0.0.1:2379]\n',
      expect.objectContaining(failed(128)),
    ]);
    expect(await output(`move-leader ${target?.hex ?? ''}`, 'etcd-par1-control-1')).toBe(
      `Leadership transferred from ${leader?.hex ?? ''} to ${target?.hex ?? ''}\n`,
    );
    expect(sandbox.world.etcd.leader).toBe(target);
    expect((await run('move-leader 77')).channels[2]).toBe('Error: etcdserver: bad leader transferee\n');
  });

  it.each([
    ['a command that is none', 'nonsense', 1],
    ['a flag that is none', '--colour member list', 1],
    ['a number that is none', 'compact x', 1],
    ['a certificate that is not there', '--cert=/etc/kubernetes/pki/etcd/nobody.crt member list', 1],
    ['a leader that is not named', 'move-leader', 128],
  ])('fails for %s', async (_what, words, code) => {
    const { ending, channels } = await run(words, 'etcd-par1-control-1');
    expect(ending).toMatchObject(failed(code));
    expect(channels[2]).toMatch(/^Error: .+\n/);
  });

  it('fails without certificates, as etcd lets nobody in without them', async () => {
    const { ending, channels } = await driven(
      clock,
      exec(sandbox, BOOTSTRAP, ['etcdctl', '--endpoints=https://127.0.0.1:2379', 'member', 'list']),
    );
    expect([channels[2], ending]).toEqual(['Error: context deadline exceeded\n', expect.objectContaining(failed(1))]);
  });
});

describe.runIf(RECORDINGS !== '')('what etcdctl writes, beside what the gateway of a real etcd answers', () => {
  const bodyOf = (name: string): Record<string, unknown> =>
    readRecordings(`${RECORDINGS}/etcd-3.5.30`).find((each) => each.name.endsWith(name))?.response.body as Record<
      string,
      unknown
    >;

  it.each([
    ['all-up-member-list', 'member list', (document: unknown) => document],
    ['all-up-status-1', 'endpoint status', (document: unknown) => (document as { Status: unknown }[])[0]?.Status],
    ['all-up-alarm-list', 'alarm list', (document: unknown) => document],
  ])('%s has the same fields', async (name, words, part) => {
    expect(shape(part(await document(words)))).toEqual(shape(bodyOf(name)));
  });
});

describe('a remote command', () => {
  it.each([
    [['v5.channel.k8s.io', 'v4.channel.k8s.io'], 'v5.channel.k8s.io'],
    [['v4.channel.k8s.io'], 'v4.channel.k8s.io'],
  ])('speaks the best of %j', async (protocols, spoken) => {
    expect((await run('version', BOOTSTRAP, { protocols })).protocol).toBe(spoken);
  });

  it('of another name is not in the container', async () => {
    const { ending } = await exec(sandbox, BOOTSTRAP, ['sh', '-c', 'id']);
    expect(ending).toMatchObject({ status: 'Failure', reason: 'InternalError', code: 500 });
    expect(JSON.stringify(ending)).toContain('executable file not found in $PATH');
  });

  it('finds no container where the process is gone', async () => {
    sandbox.world.etcd.stop('par1-bootstrap');
    expect((await run('member list')).ending).toMatchObject({
      message: 'Internal error occurred: unable to upgrade connection: container not found ("etcd")',
    });
  });

  it('says after a while that a machine which is down is not found', async () => {
    sandbox.world.silence('par1-bootstrap');
    expect(JSON.stringify((await run('member list')).ending)).toContain(
      'dial tcp 10.1.0.11:10250: connect: no route to host',
    );
  });

  it('needs the right to get and to create pods/exec', async () => {
    const reader = await run('member list', BOOTSTRAP, { user: 'reader' });
    expect(reader).toMatchObject({
      refused: 403,
      ending: {
        message: `pods "${BOOTSTRAP}" is forbidden: User "sandbox-reader" cannot get resource "pods/exec" in API group "" in the namespace "kube-system"`,
      },
    });
    sandbox.deny({ resource: 'pods/exec', verb: 'create' });
    expect(await run('member list')).toMatchObject({
      refused: 403,
      ending: { message: `pods "${BOOTSTRAP}" is forbidden: `, details: { name: BOOTSTRAP, kind: 'pods' } },
    });
  });

  it('is refused for a pod or a container that is not there', async () => {
    expect(await run('member list', 'nobody')).toMatchObject({ refused: 404 });
    expect(await run('member list', BOOTSTRAP, { container: 'nosuch' })).toMatchObject({
      refused: 400,
      ending: { message: `container nosuch is not valid for pod ${BOOTSTRAP}` },
    });
  });

  it('is remembered among the requests', async () => {
    await run('version');
    expect(sandbox.requests.at(-1)).toMatchObject({ method: 'GET', status: 101, user: 'kubernetes-admin' });
  });
});
