import { stringify } from 'yaml';
import { expiredValidity, newAuthority, type Authority, type KeyPair } from './certificates.ts';
import { systemClock, type SandboxClock } from './clock.ts';
import { seededRandom } from './random.ts';
import { findScene } from './scenes.ts';
import { Tokens } from './server/authenticate.ts';
import type { Denial } from './server/authorize.ts';
import { claimAddresses, serveMembers, type Claim } from './server/etcd/listeners.ts';
import type { Faults, RequestRecord } from './server/faults.ts';
import { startIngress } from './server/ingress.ts';
import { COLLECTIONS } from './server/resources.ts';
import { startServer } from './server/server.ts';
import { USERS, type SandboxUser } from './server/users.ts';
import type { Machine } from './world/machines.ts';
import { World } from './world/world.ts';

export { SCENES, sceneNames, type SceneName } from './scenes.ts';
export { manualClock, systemClock, type ManualClock, type SandboxClock } from './clock.ts';
export type { Denial } from './server/authorize.ts';
export type { Fault, Faults, MetricsFault, RequestRecord } from './server/faults.ts';
export type { SandboxUser } from './server/users.ts';
export type { World } from './world/world.ts';

export type SandboxOptions = {
  /** A name of SCENES; `standard` when not given. */
  scene?: string;
  /** Size of the site where it shall differ from the scene's own, up to 5,000 nodes and 150,000 pods; 0 nodes run nothing. */
  nodes?: number;
  pods?: number;
  /** Port on 127.0.0.1; a free one when not given. */
  port?: number;
  seed?: number;
  clock?: SandboxClock;
  /** Kubelets renew leases and report status; on when not given. */
  heartbeats?: boolean;
  /** CronJobs run and applications are rolled out; on when not given. */
  churn?: boolean;
  /** Changes of nodes and pods a second beside what happens by itself, from the start; none when not given. */
  load?: number;
  /** What the scene brings after a while has happened when the sandbox is started; off when not given. */
  happened?: boolean;
  /** Milliseconds between bookmarks of a watch; a minute when not given. */
  bookmarkInterval?: number;
};

/** How a kubeconfig authenticates. The last four are the ways in which it can be refused or unknown. */
export type Credential =
  'certificate' | 'token' | 'expired-certificate' | 'foreign-certificate' | 'wrong-token' | 'none';

export type Sandbox = {
  url: string;
  port: number;
  caPem: string;
  world: World;
  /** A kubeconfig, as YAML, for one user and one way to authenticate: admin by certificate when not given. */
  kubeconfig(user?: SandboxUser, how?: Credential): string;
  /** The bearer token of a user; after a rotation the former one is refused. */
  token(user: SandboxUser): string;
  rotateToken(user: SandboxUser): string;
  /** The last requests, oldest first. */
  requests: readonly RequestRecord[];
  /** Called with each request once it is answered (a watch: begun). */
  onRequest: ((request: RequestRecord) => void) | null;
  faults: Faults;
  /** Takes a right away from a user (from all when none is named) until the answer is called. */
  deny(denial: Omit<Denial, 'username'> & { user?: SandboxUser }): () => void;
  /** Resets every open connection, in the middle of watches and pages. */
  dropConnections(): void;
  /** Refuses connections, with those that are open reset, until `resume`, which listens on the same port. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Starts a cluster in a box: a server on loopback that speaks the Kubernetes protocol over one world that lives.
 * Throws when the scene is not known or the port is taken.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const {
    scene: name = 'standard',
    port = 0,
    seed = 1,
    clock = systemClock,
    heartbeats = true,
    churn = true,
    load = 0,
    happened = false,
  } = options;
  const scene = findScene(name);
  const planned = scene.machines(options);
  const claims = scene.reachable ? await claimAddresses(planned.filter(isMember).length) : [];
  const machines = addressed(planned, claims);
  const workloads = scene.workloads(options, machines);
  const future = scene.future?.(machines);
  const isOver = happened && future !== undefined;
  const past = isOver ? { ago: future.after, happens: future.happens } : scene.past?.(machines);
  const world = new World({
    machines,
    workloads,
    collections: COLLECTIONS,
    clock,
    seed,
    heartbeats,
    churn,
    ...(past === undefined ? {} : { past }),
    ...(future === undefined || isOver ? {} : { future }),
    ...(scene.etcd === undefined ? {} : { etcd: scene.etcd }),
  });
  world.load.run(load);
  const random = seededRandom(seed + 1);
  const addresses = claims.map(({ address }) => address);
  const authority = newAuthority(wallTime(), 'kubernetes', {
    addresses,
    ...(scene.certificates === undefined ? {} : { days: scene.certificates }),
  });
  const leaveMembers = serveMembers(claims, world.etcd, clock);
  const tokens = new Tokens(random);
  const denials = new Set<Denial>();
  const isAlive = (node: string): boolean => world.isAlive(node);
  const ingress = await startIngress(machines);
  const server = await startServer({
    authority,
    tokens,
    port,
    doors: machines.flatMap(({ name: node, roles, address }) =>
      address !== undefined && roles.includes('master') ? [{ node, address }] : [],
    ),
    world,
    wall: systemClock,
    askers: () => ({ kubelets: world.nodes.all().length, masters: machines.filter(isMaster).length }),
    backend: {
      collection: (collection) => world.collection(collection),
      etcd: world.etcd,
      isAlive,
      minions: {
        isAlive,
        bootstrap: () => machines.find(({ roles }) => roles.includes('bootstrap'))?.name ?? null,
        copyArchive: () => world.copyArchive(),
      },
      clock,
      random,
      denials,
      bookmarkInterval: options.bookmarkInterval ?? 60_000,
    },
  }).catch(async (error: unknown) => {
    await Promise.all([leaveMembers(), ingress.stop()]);
    throw error;
  });
  const url = `https://127.0.0.1:${server.port}`;
  return {
    url,
    port: server.port,
    caPem: authority.caPem,
    world,
    kubeconfig: (user = 'admin', how = 'certificate') =>
      kubeconfigText(url, name, user, credentialOf(authority, tokens, user, how), authority),
    token: (user) => tokens.of(user),
    rotateToken: (user) => tokens.rotate(user),
    requests: server.requests,
    get onRequest() {
      return server.onRequest;
    },
    set onRequest(listener) {
      server.onRequest = listener;
    },
    faults: server.faults,
    deny({ user, ...rest }) {
      const denial = user === undefined ? rest : { ...rest, username: USERS[user].username };
      denials.add(denial);
      return () => void denials.delete(denial);
    },
    dropConnections: () => server.dropConnections(),
    pause: () => server.pause(),
    resume: () => server.resume(),
    async stop() {
      world.stop();
      await Promise.all([leaveMembers(), ingress.stop()]);
      await server.stop();
    },
  };
}

/** TLS goes by wall time, whatever the clock of the world says. */
const wallTime = (): Date => new Date(systemClock.now());

const isMaster = ({ roles }: Machine): boolean => roles.includes('master');
const isMember = ({ roles }: Machine): boolean => roles.includes('etcd');

/** The machines, with the addresses at which their members of etcd can be reached. */
function addressed(machines: readonly Machine[], claims: readonly Claim[]): Machine[] {
  const addresses = claims.map(({ address }) => address);
  return machines.map((machine) => {
    const address = isMember(machine) ? addresses.shift() : undefined;
    return address === undefined ? machine : { ...machine, address };
  });
}

const encoded = (pem: string): string => Buffer.from(pem).toString('base64');

const certificateEntry = ({ cert, key }: KeyPair): object => ({
  'client-certificate-data': encoded(cert),
  'client-key-data': encoded(key),
});

function credentialOf(authority: Authority, tokens: Tokens, user: SandboxUser, how: Credential): object {
  const { username, groups } = USERS[user];
  const subject = {
    commonName: username,
    organisations: groups.filter((group) => group !== 'system:authenticated'),
  };
  switch (how) {
    case 'certificate':
      return certificateEntry(authority.client(subject));
    case 'expired-certificate':
      return certificateEntry(authority.client(subject, expiredValidity(wallTime())));
    case 'foreign-certificate':
      return certificateEntry(newAuthority(wallTime(), 'another-authority').client(subject));
    case 'token':
      return { token: tokens.of(user) };
    case 'wrong-token':
      return { token: 'not-a-token-of-this-cluster' };
    case 'none':
      return {};
  }
}

function kubeconfigText(
  server: string,
  scene: string,
  user: SandboxUser,
  credential: object,
  { caPem }: Authority,
): string {
  const cluster = `sandbox-${scene}`;
  const context = `${user}@${cluster}`;
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: { server, 'certificate-authority-data': encoded(caPem) } }],
    users: [{ name: user, user: credential }],
    contexts: [{ name: context, context: { cluster, user } }],
    'current-context': context,
  });
}
