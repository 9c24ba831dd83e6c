/** Size of a cluster that is measured. */
export type Size = { readonly nodes: number; readonly pods: number };

/** The two sizes for which figures are promised. */
export const SIZES = {
  small: { nodes: 100, pods: 3_000 },
  large: { nodes: 5_000, pods: 150_000 },
} as const satisfies Readonly<Record<string, Size>>;

export type SizeName = keyof typeof SIZES;

export type Unit = 'ms' | 'bytes' | 'MiB' | 'requests' | 'times' | 'frames' | '%';

/** What a figure is held to, at each size. */
export type Bound = { readonly side: 'most' | 'least' } & Readonly<Record<SizeName, number>>;

/** A statistic of samples: their median, or what 95 or 99 in 100 do not exceed. */
export type Held = 'median' | 'p95' | 'p99';

type Figure = {
  readonly what: string;
  readonly unit: Unit;
  /** Null where nothing is held. */
  readonly bound: Bound | null;
  /** What is compared with the bound: the median where left out. */
  readonly held?: Held;
  /** The same of fewer than a hundred samples, of which the p99 is the one that stands furthest out. */
  readonly heldOfFew?: Held;
};

const atMost = (small: number, large = small): Bound => ({ side: 'most', small, large });
const atLeast = (small: number, large = small): Bound => ({ side: 'least', small, large });

/** Objects that are listed in one request at least. */
const PAGE = 500;
/**
 * Asked once at the start besides lists of nodes, pods and events: versions (2), rights, the round trip, usage, seven lists
 * of storage and workloads, ten watches, two things of each of three members of etcd and two of etcdctl, leases, jobs and
 * the configuration of the cluster.
 */
const OTHER_REQUESTS = 33;
const lists = ({ nodes, pods }: Size) => Math.ceil(nodes / PAGE) + 2 * Math.ceil(pods / PAGE) + OTHER_REQUESTS;

/** Keys that open something: what is held of them. */
const OPENING = { held: 'p99', heldOfFew: 'p95' } as const;

/** Every figure, in the order in which it is printed: first those that are promised, then those that explain them. */
export const FIGURES = {
  'first-nodes': { what: 'first useful frame: rows of nodes', unit: 'ms', bound: atMost(600, 1_500) },
  'nodes-ratio': { what: '`nodes --no-pods` / `kubectl get nodes`', unit: 'times', bound: atMost(1.5, 1) },
  'all-known': { what: 'all requests and headroom known', unit: 'ms', bound: atMost(1_000, 20_000) },
  key: { what: 'key to last byte of the frame, quiet', unit: 'ms', bound: atMost(16), held: 'p99' },
  'key-loaded': { what: 'key to last byte, all loading, 500 events/s', unit: 'ms', bound: atMost(33, 50), held: 'p99' },
  block: { what: 'longest block of the main thread', unit: 'ms', bound: atMost(20, 50) },
  'block-loaded': { what: 'longest block, all loading, 500 events/s', unit: 'ms', bound: atMost(20, 50) },
  'memory-settled': { what: 'resident memory, settled', unit: 'MiB', bound: atMost(170, 350) },
  cpu: { what: 'CPU of one core, normal heartbeats', unit: '%', bound: atMost(0.5, 5) },
  'move-ratio': { what: 'one selection move / its two rows', unit: 'times', bound: atMost(1.1) },
  scroll: { what: 'one line scrolled', unit: 'bytes', bound: atMost(700) },
  cell: { what: 'one cell changed', unit: 'bytes', bound: atMost(60) },
  'quiet-bytes': { what: 'bytes to the terminal, quiet minute', unit: 'bytes', bound: atMost(2_000, 10_000) },
  'quiet-requests': { what: 'requests, quiet minute', unit: 'requests', bound: atMost(12) },
  'etcd-requests': { what: 'etcd screen: requests a member in 5 s', unit: 'requests', bound: atMost(2) },
  'control-plane-requests': {
    what: 'control plane screen: requests a minute',
    unit: 'requests',
    // A quiet minute, two each ten seconds of the one API server, its leases and client certificates more often.
    bound: atMost(12 + 12 + 4),
  },
  'held-frames': { what: 'held scroll key, 32 KB/s: frames of 90', unit: 'frames', bound: atLeast(70) },
  'held-lag': { what: 'held scroll key, 32 KB/s: lag at its end', unit: 'ms', bound: atMost(50) },

  'first-frame': { what: 'first frame', unit: 'ms', bound: null },
  'block-waiting': { what: 'longest block, with waiting for a core', unit: 'ms', bound: null },
  'block-loaded-waiting': { what: 'longest block, all loading, with waiting', unit: 'ms', bound: null },
  'start-requests': {
    what: 'requests until all is known',
    unit: 'requests',
    bound: atMost(lists(SIZES.small), lists(SIZES.large)),
  },
  'memory-peak': { what: 'resident memory, peak', unit: 'MiB', bound: null },
  'memory-keys': { what: 'resident memory, after all keys', unit: 'MiB', bound: null },
  'key-80x24': { what: 'key to last byte of the frame, 80x24', unit: 'ms', bound: null },
  'key-120x36': { what: 'key to last byte of the frame, 120x36', unit: 'ms', bound: null },
  'key-scroll': { what: 'scrolling key to last byte of the frame', unit: 'ms', bound: atMost(16), held: 'p99' },
  'key-filter': { what: 'first letter of a filter to last byte', unit: 'ms', bound: atMost(16), ...OPENING },
  'key-sort': { what: 'Enter in the list of sorts to last byte', unit: 'ms', bound: atMost(16), ...OPENING },
  'key-node': { what: 'Enter on a node to last byte', unit: 'ms', bound: atMost(16), ...OPENING },
  'key-node-back': { what: 'back from a node to last byte', unit: 'ms', bound: atMost(16), ...OPENING },
  'key-headroom': { what: 'headroom opened to last byte', unit: 'ms', bound: atMost(16), ...OPENING },
  'key-headroom-back': { what: 'back from headroom to last byte', unit: 'ms', bound: atMost(16), ...OPENING },
  'key-etcd': { what: 'etcd opened to last byte', unit: 'ms', bound: atMost(16), ...OPENING },
  'key-etcd-back': { what: 'back from etcd to last byte', unit: 'ms', bound: atMost(16), ...OPENING },
  'key-control-plane': { what: 'control plane opened to last byte', unit: 'ms', bound: atMost(16), ...OPENING },
  'key-control-plane-back': { what: 'back from the control plane', unit: 'ms', bound: atMost(16), ...OPENING },
  'etcd-cpu': { what: 'CPU of one core, etcd screen', unit: '%', bound: atMost(3, 8) },
  'move-80x24': { what: 'one selection move, 80x24', unit: 'bytes', bound: null },
  'move-120x36': { what: 'one selection move, 120x36', unit: 'bytes', bound: null },
  move: { what: 'one selection move', unit: 'bytes', bound: null },
  'scroll-80x24': { what: 'one line scrolled, 80x24', unit: 'bytes', bound: null },
  'scroll-120x36': { what: 'one line scrolled, 120x36', unit: 'bytes', bound: null },
  'line-first-nodes': { what: 'rows of nodes over 1 MB/s', unit: 'ms', bound: null },
  'line-nodes': { what: '`nodes --no-pods` over 1 MB/s', unit: 'ms', bound: null },
  'line-bytes': { what: '`nodes --no-pods`, bytes received', unit: 'bytes', bound: null },
  'nodes-no-pods': { what: '`nodes --no-pods`', unit: 'ms', bound: null },
  'nodes-kubectl': { what: '`kubectl get nodes`', unit: 'ms', bound: null },
  nodes: { what: '`nodes`', unit: 'ms', bound: null },
  'headroom-loss': { what: 'what the loss of the largest node costs, anew', unit: 'ms', bound: atMost(22, 120) },
  'headroom-nearest': { what: 'the nodes nearest to a pod, anew', unit: 'ms', bound: atMost(11, 60) },
  'headroom-sums': { what: 'the sums of the cluster, anew', unit: 'ms', bound: atMost(11, 60) },
} as const satisfies Readonly<Record<string, Figure>>;

export type FigureId = keyof typeof FIGURES;

/** Why a figure has no samples. It is a fault where a bound is held, unless this machine cannot have them. */
export type Absent = { readonly absent: string; readonly excused: boolean };

/** What was measured of each figure: its samples, or why there are none. */
export type Measured = Partial<Readonly<Record<FigureId, readonly number[] | Absent>>>;

/** Why there is no figure of memory or processor time elsewhere. */
export const linuxOnly = (platform: string): Absent => ({
  absent: 'read from /proc, so on Linux only',
  excused: platform !== 'linux',
});

/** Why nothing is compared with kubectl. Whoever measures alone is told so; CI brings it, and must. */
export const withoutKubectl = (environment: Readonly<Record<string, string | undefined>>): Absent => ({
  absent: 'kubectl is not installed',
  excused: (environment['CI'] ?? '') === '',
});

/** Units that depend on how busy the machine is; all others are held as they are wherever they are measured. */
const TIMES: readonly Unit[] = ['ms', '%'];

/** What a figure may be at a size; `slack` widens times alone. Null where nothing is held. */
export function boundOf(figure: FigureId, size: SizeName, slack: number): number | null {
  const { bound, unit } = FIGURES[figure];
  if (bound === null) return null;
  return bound[size] * (TIMES.includes(unit) ? slack : 1);
}

/** What a figure may be with so many nodes between the two sizes: on the straight line from one to the other. */
export function boundBetween(figure: FigureId, nodes: number, slack: number): number | null {
  const [small, large] = [boundOf(figure, 'small', slack), boundOf(figure, 'large', slack)];
  if (small === null || large === null) return null;
  const share = (nodes - SIZES.small.nodes) / (SIZES.large.nodes - SIZES.small.nodes);
  return small + (large - small) * share;
}

const FEW = 100;

/** Which statistic of so many samples of a figure is held. */
export const heldOf = (figure: FigureId, samples = FEW): Held => {
  const { held = 'median', heldOfFew = held }: Figure = FIGURES[figure];
  return samples < FEW ? heldOfFew : held;
};
