// Three machines with real members of etcd, reached as an operator reaches them: by kubectl, and by WebSocket as a browser would.
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { MASTERS, startMasters, type Masters } from './masters.ts';
import { kubectl } from './kubectl.ts';
import { startMachines } from './servers/machines.ts';
import { waitFor } from './servers/process.ts';

const FOLDER = '/etc/kubernetes/pki/etcd';
const ETCDCTL = [
  'etcdctl',
  '--endpoints=https://127.0.0.1:2379',
  `--cacert=${FOLDER}/ca.crt`,
  `--cert=${FOLDER}/healthcheck-client.crt`,
  `--key=${FOLDER}/healthcheck-client.key`,
  '--command-timeout=3s',
];

describe.runIf(process.getuid?.() === 0)('three masters', () => {
  let masters: Masters;
  beforeAll(async () => {
    masters = await startMasters();
  });
  afterAll(() => masters.stop());

  const proxied = (name: string, path: string, kubeconfig = masters.kubeconfig) =>
    kubectl(kubeconfig, 'get', '--raw', `/api/v1/namespaces/kube-system/pods/etcd-${name}:2381/proxy/${path}`);
  const exec = (name: string, ...command: string[]) =>
    kubectl(masters.kubeconfig, 'exec', '-n', 'kube-system', `etcd-${name}`, '--', ...command);
  const memberOf = (name: string) => {
    const member = masters.cluster.etcd.members.find((one) => one.name === name);
    if (member === undefined) throw new Error(`There is no member ${name}.`);
    return member;
  };

  test.each(MASTERS)('the pod proxy reaches the metrics of %s and no other member', async (name) => {
    const { code, stdout } = await proxied(name, 'metrics');
    const direct = await (await fetch(`${memberOf(name).metricsUrl}/metrics`)).text();
    const id = /^etcd_server_id\{.*$/m;
    expect([code, id.exec(stdout)?.[0]]).toEqual([0, id.exec(direct)?.[0]]);
    expect(stdout).toContain('etcd_disk_wal_fsync_duration_seconds_bucket');
  });

  test('kubectl exec runs etcdctl beside a member, whatever of its streams it gives', async () => {
    const list = await exec('master-2', ...ETCDCTL, 'member', 'list');
    expect([list.code, list.stderr]).toEqual([0, '']);
    expect(list.stdout.match(/master-\d/g)?.toSorted()).toEqual(MASTERS);
    const wrong = await exec('master-2', ...ETCDCTL, 'no-such-word');
    expect([wrong.code, wrong.stdout]).toEqual([1, '']);
    expect(wrong.stderr).toContain('unknown command "no-such-word"');
  });

  test('loopback of each machine is its own', async () => {
    const status = async (name: string) => {
      const { stdout } = await exec(name, ...ETCDCTL, 'endpoint', 'status', '-w', 'fields');
      return /"MemberID" : (\d+)/.exec(stdout)?.[1];
    };
    expect(new Set([await status('master-1'), await status('master-2'), await status('master-3')]).size).toBe(3);
  });

  test('nothing but etcdctl runs', async () => {
    const { code, stderr } = await exec('master-1', 'sh', '-c', 'id');
    expect([code, stderr]).toEqual([1, expect.stringContaining('executable file not found')]);
  });

  test('long answers come whole', async () => {
    const { code, stdout } = await exec('master-1', ...ETCDCTL, 'get', '/registry/', '--prefix', '-w', 'json');
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { count: number; kvs: unknown[] }).kvs.length).toBeGreaterThan(100);
  });

  test('by WebSocket: each channel its number, and a status at the end', async () => {
    const told = await overWebSocket(masters, [...ETCDCTL, 'member', 'list']);
    expect(told[1]?.match(/master-\d/g)?.toSorted()).toEqual(MASTERS);
    expect(JSON.parse(told[3] ?? '')).toEqual({ metadata: {}, status: 'Success' });
    const failed = await overWebSocket(masters, [...ETCDCTL, 'no-such-word']);
    expect(failed[2]).toContain('unknown command');
    expect(JSON.parse(failed[3] ?? '')).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '1' }] },
    });
  });

  test('who may only read is refused both', async () => {
    const reader = masters.cluster.kubeconfig('reader');
    expect((await proxied('master-1', 'health', reader)).stderr).toContain('pods "etcd-master-1:2381" is forbidden');
    const refused = await kubectl(reader, 'exec', '-n', 'kube-system', 'etcd-master-1', '--', 'etcdctl');
    expect(refused.stderr).toContain('cannot create resource "pods/exec"');
  });

  test('a member that has ended is not there to ask, and comes back with its data', async () => {
    const member = memberOf('master-3');
    await member.process().stop();
    expect((await proxied('master-3', 'health')).code).toBe(1);
    expect((await exec('master-3', ...ETCDCTL, 'member', 'list')).stderr).toContain('container not found');
    await member.start();
    const healthy = async () => (await proxied('master-3', 'health')).stdout === '{"health":"true"}';
    await waitFor('the member to be healthy', healthy, { server: member.process() });
  });

  test('a frozen member has its container, and gives no answer', async () => {
    const member = memberOf('master-3');
    member.process().signal('SIGSTOP');
    const { code, stderr } = await exec('master-3', ...ETCDCTL, 'endpoint', 'health');
    member.process().signal('SIGCONT');
    expect(code).toBe(1);
    expect(stderr).toContain('deadline exceeded');
  });

  test('a machine without its cable answers nobody until it is back', async () => {
    const machine = masters.cluster.machines[2];
    const health = async () =>
      (await fetch(`http://${machine?.address ?? ''}:2381/health`, { signal: AbortSignal.timeout(1_000) })).ok;
    machine?.setCable(false);
    await expect(health()).rejects.toThrow(/timeout|fetch failed/);
    machine?.setCable(true);
    await waitFor('the machine to answer', health);
  });
});

/** What the channels of `v4.channel.k8s.io` carried until the server closed, each as text. */
async function overWebSocket(
  { cluster }: Masters,
  command: readonly string[],
): Promise<Readonly<Record<number, string>>> {
  const query = [...command.map((word) => `command=${encodeURIComponent(word)}`), 'stdout=true', 'stderr=true'];
  const url = `${cluster.url}/api/v1/namespaces/kube-system/pods/etcd-master-2/exec?${query.join('&')}`;
  const socket = new WebSocket(url.replace('https:', 'wss:'), 'v4.channel.k8s.io', {
    ca: cluster.authority.certificate,
    headers: { authorization: `Bearer ${cluster.token('admin')}` },
  });
  const told: Record<number, string> = {};
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data: Buffer) => {
      const channel = data[0] ?? NaN;
      told[channel] = (told[channel] ?? '') + data.toString('utf8', 1);
    });
    socket.on('close', () => resolve(told));
  });
}

test.runIf(process.getuid?.() === 0)('machines take their network with them', async () => {
  const interfaces = () => execFileSync('ip', ['-o', 'link'], { encoding: 'utf8' });
  const own = new RegExp(`real${process.pid}-\\d+`);
  const isGone = () => Promise.resolve(!own.test(interfaces()));
  // The kernel takes a network away some time after the last process in it.
  await waitFor('the end of networks before', isGone);
  const machines = await startMachines(['one', 'two']);
  expect(interfaces().match(new RegExp(own, 'g'))).toHaveLength(1);
  await machines.stop();
  await waitFor('the end of the network', isGone);
});
