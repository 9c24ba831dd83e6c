/**
 * A flag of the command line. With `value` it takes one, named so in help; without, it is on or off. A name that begins
 * with `no-` is a flag like any other. The same name means the same thing in every command.
 */
export type Flag = {
  readonly value?: string;
  readonly short?: string;
  /** May be given more than once. */
  readonly many?: true;
  /** The values there are, when they can be listed. */
  readonly among?: readonly string[];
  readonly help: string;
};

export const OUTPUTS = ['text', 'wide', 'json', 'yaml'] as const;
export type Output = (typeof OUTPUTS)[number];

export const FLAGS = {
  kubeconfig: {
    value: 'FILE',
    help: 'Credentials of the cluster; else KUBECONFIG, ~/.kube/config, /etc/kubernetes/admin.conf.',
  },
  context: { value: 'NAME', help: 'Context of the kubeconfig to use; else its current one.' },
  demo: { help: 'Use a cluster in a box, started for this command and gone with it.' },
  scene: {
    value: 'NAME',
    help: 'What the cluster in a box looks like: standard (when not given), compact-1, compact-3, extended, node-lost, node-undersized, etcd-member-down, etcd-slow-disk, etcd-quota-low, etcd-nospace, etcd-no-quorum, certificates-near-expiry, two-problems.',
  },
  output: {
    value: 'FORMAT',
    short: 'o',
    among: OUTPUTS,
    help: 'text (default) and wide are for people; json and yaml for programs, in cores, bytes and seconds.',
  },
  'read-only': { help: 'Nothing can be written, whatever else is asked.' },
  'dry-run': { help: 'Show the plan, checked by the server, and change nothing.' },
  yes: { help: 'Answer the confirmation.' },
  confirm: { value: 'NAME', help: 'Answer a confirmation that asks for a name to be typed.' },
  timeout: {
    value: 'TIME',
    help: 'Give up after this time, as in 30s or 5m; what only reads has 30s when nothing is said.',
  },
  'no-color': { help: 'No colour; the environment variable NO_COLOR does the same.' },
  as: { value: 'USER', help: 'Act as this user (impersonation).' },
  'as-group': { value: 'GROUP', many: true, help: 'Act as a member of this group; may be repeated.' },
  record: { value: 'FILE', help: 'Write what the cluster tells to this file, secrets masked.' },
  replay: { value: 'FILE', help: 'Show a recorded file instead of a cluster.' },
  verbose: { help: 'Add the stack to an error.' },
  help: { short: 'h', help: 'This help.' },
  version: { help: 'The version of this program.' },

  selector: { value: 'SELECTOR', short: 'l', help: 'Only nodes whose labels match, as in kubectl.' },
  all: { help: 'All nodes.' },
  'add-node-role': {
    help: 'Also give the nodes the role node, so that a bootstrap run leaves removed taints away.',
  },
  taint: {
    help: 'Where MetalK8s knows a set of roles with and without taints, take the taints: for these roles alone.',
  },
  'no-taint': { help: 'Leave all taints as they are.' },
  role: { value: 'ROLE', help: 'Only nodes with this role: bootstrap, master, etcd, infra or node.' },
  'if-lost': {
    value: 'NODE',
    help: 'What is left when this node is lost, pod by pod; largest is the largest of the open nodes.',
  },
  fits: {
    value: 'WHAT',
    many: true,
    help: 'Whether and where this fits, as in cpu=2,memory=4Gi,replicas=3; may be repeated.',
  },
  'no-pods': { help: 'Leave out what needs pods, which a large cluster answers sooner.' },
  node: { value: 'NODE', help: 'Only what was done to this node.' },
  since: { value: 'TIME', help: 'Only what is newer: an age as in 1h or 2d, or a time as in 2026-01-31T12:00:00Z.' },
  limit: { value: 'N', help: 'At most this many, the newest first.' },
  nodes: { value: 'N', help: 'Nodes of the cluster in a box; those of the scene when not given.' },
  pods: { value: 'N', help: 'Pods of the cluster in a box; those of the scene when not given.' },
  happened: { help: 'What the scene brings after a while has happened when it starts.' },
  'stop-with-stdin': {
    help: 'Also stop when standard input closes, so that the server dies with the program that started it.',
  },
} as const satisfies Record<string, Flag>;

export type FlagName = keyof typeof FLAGS;

/** What was given on the command line; a flag that was not is absent. */
export type Flags = {
  readonly [N in FlagName]?: (typeof FLAGS)[N] extends { many: true }
    ? readonly string[]
    : (typeof FLAGS)[N] extends { among: readonly (infer V)[] }
      ? V
      : (typeof FLAGS)[N] extends { value: string }
        ? string
        : true;
};

/** Flags that every command takes. */
export const COMMON_FLAGS = [
  'kubeconfig',
  'context',
  'demo',
  'scene',
  'output',
  'read-only',
  'dry-run',
  'yes',
  'confirm',
  'timeout',
  'no-color',
  'as',
  'as-group',
  'record',
  'replay',
  'verbose',
  'help',
  'version',
] as const satisfies readonly FlagName[];

export const flagOf = (name: FlagName): Flag => FLAGS[name];

/** How help writes a flag: `-o, --output FORMAT`. */
export function flagUsage(name: FlagName): string {
  const { short, value } = flagOf(name);
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}
