// A real cluster for one test file: etcd and kube-apiserver, on loopback or on machines of their own, users with their rights, and nothing left afterwards.
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi, type Api } from './api.ts';
import { startApiServer, type ApiServer, type AuditedRequest } from './apiserver.ts';
import { kubernetesServers } from './build.ts';
import { createAuthority, type Authority, type Identity } from './certificates.ts';
import { containTraffic } from './containment.ts';
import { startEtcd, type Etcd, type EtcdPlace, type IdentityFiles } from './etcd.ts';
import { kubeconfigText, type Credential } from './kubeconfig.ts';
import { startMachines, type Machine } from './machines.ts';
import { freePorts, isAlive, waitFor, type ServerProcess } from './process.ts';
import { startScheduler } from './scheduler.ts';
import { rightsOf, USERS, type Rule, type UserName } from './users.ts';

export type RealClusterOptions = {
  /** etcd members on loopback: 1 if left out. */
  readonly members?: number;
  /**
   * Names of machines of their own, each with an etcd member of its name and the ports of the product; the API server is on the
   * first. In place of `members`. Needs root.
   */
  readonly machines?: readonly string[];
  /** Further flags for each etcd member. */
  readonly etcdFlags?: readonly string[];
  /** Further flags for the API server. */
  readonly serverFlags?: readonly string[];
};

export type RealCluster = {
  readonly url: string;
  /** As `/version` says it: "v1.20.2". */
  readonly version: string;
  /** Issues further certificates: expired ones, or of other users (who may do nothing until `addUser`). */
  readonly authority: Authority;
  readonly etcd: Etcd;
  /** Empty where all is on loopback. */
  readonly machines: readonly Machine[];
  /** To end, freeze and restart the API server in the middle of a test. */
  readonly server: ApiServer;
  /** Clients that judge and prepare; they share nothing with the console. */
  readonly api: Readonly<Record<UserName, Api>>;
  /** A kubeconfig of one user, the certificates within it; by a bearer token when asked for. */
  kubeconfig(user: UserName, by?: 'certificate' | 'token'): string;
  /** The bearer token of a user. */
  token(user: UserName): string;
  /**
   * A further user with exactly these rights, over the whole cluster; resolves with its kubeconfig once the rights hold.
   * READING from users.ts, without the rule to be missed, makes a user who may not see one thing.
   */
  addUser(name: string, rules: readonly Rule[]): Promise<string>;
  /** What one user asked the API server for so far, by its audit log. The admin's requests are not kept. */
  requestsOf(user: string): Promise<AuditedRequest[]>;
  /** Starts kube-scheduler, without which no pod is bound by anybody but its creator; it ends with the cluster. */
  startScheduler(): Promise<ServerProcess>;
  /** Ends the servers and removes their data. */
  stop(): Promise<void>;
};

const FOLDER = 'real-cluster-';

/** A folder of this process; those of runs that were killed are removed. */
async function newFolder(): Promise<string> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(FOLDER));
  const orphans = names.filter((name) => !isAlive(parseInt(name.slice(FOLDER.length), 10)));
  await Promise.all(orphans.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true })));
  return mkdtemp(join(tmpdir(), `${FOLDER}${process.pid}-`));
}

const NAMES = Object.keys(USERS) as UserName[];
const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'None', users: ['admin', 'system:apiserver'] }, { level: 'Metadata' }],
};

/** Writes a certificate, which is good on these machines, with its key and its authority into a folder. */
export async function writeIdentity(
  folder: string,
  authority: Authority,
  commonName: string,
  machines: readonly Machine[],
): Promise<IdentityFiles> {
  const { certificate, key } = await authority.issue({ commonName, addresses: machines.map(({ address }) => address) });
  const files = {
    authority: join(folder, 'authority.pem'),
    certificate: join(folder, `${commonName}.pem`),
    key: join(folder, `${commonName}-key.pem`),
  };
  await writeFile(files.authority, authority.certificate);
  await writeFile(files.certificate, certificate);
  await writeFile(files.key, key, { mode: 0o600 });
  return files;
}

/** The ports that the distribution has etcd and the API server on. */
const PORTS = { client: 2379, peer: 2380, metrics: 2381 };
const API_SERVER_PORT = 6443;

const placeOn = ({ name, address, enter }: Machine): EtcdPlace => ({ name, address, enter, ports: PORTS });

async function placesOnLoopback(count: number): Promise<EtcdPlace[]> {
  const ports = await freePorts(3 * count);
  return Array.from({ length: count }, (_, index) => {
    const [client = NaN, peer = NaN, metrics = NaN] = ports.slice(3 * index);
    return { name: `etcd-${index + 1}`, address: '127.0.0.1', enter: null, ports: { client, peer, metrics } };
  });
}

async function placeOfServer(machine: Machine | undefined) {
  if (machine !== undefined) return { address: machine.address, port: API_SERVER_PORT, enter: machine.enter };
  const [port = NaN] = await freePorts(1);
  return { address: '127.0.0.1', port, enter: [] };
}

async function forEachUser<T>(make: (name: UserName) => Promise<T>): Promise<Record<UserName, T>> {
  return Object.fromEntries(await Promise.all(NAMES.map(async (name) => [name, await make(name)]))) as Record<
    UserName,
    T
  >;
}

/** Gives a user its rights and waits until the API server grants them, which takes it a moment. */
async function grant(admin: Api, user: Api, name: string, rules: readonly Rule[]): Promise<void> {
  for (const { path, body } of rightsOf(name, { groups: [], rules })) await admin.do('POST', path, body);
  const [rule] = rules;
  if (rule === undefined) return;
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { group: rule.apiGroups[0], resource: rule.resources[0], verb: rule.verbs[0] } },
  };
  await waitFor(`rights of ${name}`, async () => {
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    const { status } = await user.do<{ status: { allowed: boolean } }>('POST', path, review);
    return status.allowed;
  });
}

/**
 * Starts etcd and kube-apiserver with an authority, ports and data of their own, and the users of users.ts. Takes about ten
 * seconds; the programs are built first where they are missing. Seeded addresses lead nowhere until `stop()`.
 * @throws when a server does not become ready, with its last words; nothing stays behind
 */
export async function startRealCluster(options: RealClusterOptions = {}): Promise<RealCluster> {
  const programs = await kubernetesServers();
  const folder = await newFolder();
  const undo: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    undo.push(containTraffic());
    const network = await startMachines(options.machines ?? []);
    undo.push(() => network.stop());
    const machines = network.all;
    const authority = await createAuthority('real-cluster');
    const etcdFolder = join(folder, 'etcd');
    await mkdir(etcdFolder);
    const etcd = await startEtcd({
      folder: etcdFolder,
      files: await writeIdentity(etcdFolder, await createAuthority('real-etcd'), 'etcd', machines),
      places: machines.length > 0 ? machines.map(placeOn) : await placesOnLoopback(options.members ?? 1),
      flags: options.etcdFlags ?? [],
    });
    undo.push(() => etcd.stop());

    const identities = await forEachUser((name) =>
      authority.issue({ commonName: name, organizations: USERS[name].groups }),
    );
    const tokens = await forEachUser((name) => Promise.resolve(`${name}-${randomBytes(16).toString('hex')}`));
    const tokenLines = NAMES.map((name) => `${tokens[name]},${name},${name},"${USERS[name].groups.join(',')}"\n`);
    await writeFile(join(folder, 'tokens.csv'), tokenLines.join(''), { mode: 0o600 });
    await writeFile(join(folder, 'audit-policy.json'), JSON.stringify(AUDIT_POLICY));
    const server = await startApiServer({
      program: join(programs, 'kube-apiserver'),
      ...(await placeOfServer(machines[0])),
      folder,
      etcd,
      files: await writeIdentity(folder, authority, 'kube-apiserver', machines),
      authority: authority.certificate,
      admin: identities.admin,
      flags: options.serverFlags ?? [],
    });
    undo.push(() => server.process().stop());

    const client = (identity: Identity): Api => {
      const made = createApi(server.url, authority.certificate, identity);
      undo.push(() => made.close());
      return made;
    };
    const api = await forEachUser((name) => Promise.resolve(client(identities[name])));
    await Promise.all(NAMES.map((name) => grant(api.admin, api[name], name, USERS[name].rules)));
    const { gitVersion } = await api.admin.do<{ gitVersion: string }>('GET', '/version');
    const kubeconfig = (user: string, credential: Credential) =>
      kubeconfigText({ url: server.url, authority: authority.certificate, user, credential });
    return {
      url: server.url,
      version: gitVersion,
      authority,
      etcd,
      machines,
      server,
      api,
      kubeconfig: (user, by = 'certificate') =>
        kubeconfig(user, by === 'token' ? { token: tokens[user] } : identities[user]),
      token: (user) => tokens[user],
      async addUser(name, rules) {
        const identity = await authority.issue({ commonName: name });
        await grant(api.admin, client(identity), name, rules);
        return kubeconfig(name, identity);
      },
      async startScheduler() {
        const program = join(programs, 'kube-scheduler');
        const scheduler = await startScheduler({ program, folder, url: server.url, authority });
        undo.push(() => scheduler.stop());
        return scheduler;
      },
      requestsOf: async (user) => (await server.requests()).filter((request) => request.user === user),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
