/** Size of the cluster that is measured. */
export type Size = { readonly nodes: number; readonly pods: number };

export type Unit = 'ms' | 'bytes' | 'MiB' | 'requests' | 'times';

type Figure = {
  readonly what: string;
  readonly unit: Unit;
  /** Most that the median may be; null where nothing is held. */
  readonly most: ((size: Size) => number) | null;
};

// Where the bounds come from. Counts and bytes do not depend on the machine and are held closely: a move is two rows and
// the pane of the node, a scrolled line is the list drawn anew, which never needs more than a byte for each cell. A time
// is held at three times what two busy cores needed, so that only a collapse is told, not a busy machine. Memory is held at
// one and a half times what was measured, since how much of it is garbage depends on when it is collected.
const atMost = (value: number) => () => value;
const time = (busy: number, eachNode = 0, eachPod = 0) => {
  return ({ nodes, pods }: Size) => 3 * (busy + nodes * eachNode + pods * eachPod);
};

/** Objects that are listed in one request. */
const PAGE = 500;
const pages = (count: number) => Math.ceil(count / PAGE);
/** Asked once at the start besides lists: versions, the round trip, access reviews, a watch for each resource. */
const OTHER_REQUESTS = 12;

/** Every figure, in the order in which it is printed. */
export const FIGURES = {
  'first-frame': { what: 'first frame', unit: 'ms', most: time(700) },
  'first-nodes': { what: 'first useful frame: rows of nodes', unit: 'ms', most: time(1_000, 0.5) },
  'all-known': { what: 'all requests known: pods read', unit: 'ms', most: time(1_500, 0.5, 0.2) },
  'requests-start': {
    what: 'requests to the API server until then',
    unit: 'requests',
    // Lists in pages, of events too, of which there are fewer than pods.
    most: ({ nodes, pods }) => pages(nodes) + 2 * pages(pods) + OTHER_REQUESTS,
  },
  'memory-settled': { what: 'resident memory, settled', unit: 'MiB', most: ({ pods }) => 220 + pods / 120 },
  'memory-peak': { what: 'resident memory, peak', unit: 'MiB', most: ({ pods }) => 220 + pods / 120 },
  'memory-keys': {
    what: 'resident memory, after all keys at 200x60',
    unit: 'MiB',
    most: ({ pods }) => 330 + pods / 100,
  },

  'key-80x24': { what: 'key to last byte of the frame, 80x24', unit: 'ms', most: time(50) },
  'key-120x36': { what: 'key to last byte of the frame, 120x36', unit: 'ms', most: time(50) },
  'key-200x60': { what: 'key to last byte of the frame, 200x60', unit: 'ms', most: time(50) },
  'scroll-key-200x60': { what: 'scrolling key to last byte of the frame, 200x60', unit: 'ms', most: time(50) },

  'move-80x24': { what: 'one selection move, 80x24', unit: 'bytes', most: atMost(500) },
  'move-120x36': { what: 'one selection move, 120x36', unit: 'bytes', most: atMost(900) },
  'move-200x60': { what: 'one selection move, 200x60', unit: 'bytes', most: atMost(1_200) },
  'scroll-80x24': { what: 'one line scrolled, 80x24', unit: 'bytes', most: atMost(80 * 24) },
  'scroll-120x36': { what: 'one line scrolled, 120x36', unit: 'bytes', most: atMost(120 * 36) },
  'scroll-200x60': { what: 'one line scrolled, 200x60', unit: 'bytes', most: atMost(200 * 60) },
  'quiet-bytes': { what: 'bytes to the terminal, quiet minute, 200x60', unit: 'bytes', most: atMost(10_000) },
  'quiet-requests': { what: 'requests to the API server, quiet minute', unit: 'requests', most: atMost(12) },

  'headroom-loss': { what: 'what the loss of the largest node costs, anew', unit: 'ms', most: time(20, 0.02) },
  'headroom-nearest': { what: 'the nodes nearest to a pod, anew', unit: 'ms', most: time(10, 0.01) },
  'headroom-sums': { what: 'the sums of the cluster, anew', unit: 'ms', most: time(10, 0.01) },

  'nodes-no-pods': { what: '`nodes --no-pods`', unit: 'ms', most: time(900, 0.5) },
  'nodes-kubectl': { what: '`kubectl get nodes`', unit: 'ms', most: null },
  'nodes-ratio': { what: '`nodes --no-pods` / `kubectl get nodes`', unit: 'times', most: atMost(6) },
  nodes: { what: '`nodes`', unit: 'ms', most: time(1_500, 0.5, 0.2) },
} as const satisfies Readonly<Record<string, Figure>>;

export type FigureId = keyof typeof FIGURES;

/** What was measured of each figure: its samples, or why there are none. */
export type Measured = Partial<Readonly<Record<FigureId, readonly number[] | { readonly absent: string }>>>;

/** Why there is no figure of memory elsewhere. */
export const LINUX_ONLY = { absent: 'read from /proc, so on Linux only' } as const;
