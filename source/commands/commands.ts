import { ROLES } from '../product/roles.ts';
import type { Command } from './command.ts';

const ANY = Number.POSITIVE_INFINITY;

/** Seconds that a command may take when `--timeout` says nothing; operations have no bound. */
const READING = 30;

const CONFIRMING =
  'The plan is shown first: what changes on which node, what it will do, and the kubectl line that does the same. ' +
  'On a terminal a confirmation is asked; elsewhere --yes is needed. --dry-run stops after the plan. ' +
  'Every change is written to the journal before it is sent, and undo takes it back.';
const MANY_NODES = 'In place of names, -l SELECTOR takes the nodes whose labels match and --all takes every node.';

const IN_ORDER =
  'The plan is shown first, with the kubectl lines that do the same; --yes answers its confirmation, or --confirm NAME where ' +
  'the name of the cluster has to be typed. Each step is written to the journal before it is sent and none is sent after ' +
  'one that did not come about. There is no undo of it.';

/** The commands of the command line, in the order of its help. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'nodes',
    arguments: '[NAME…]',
    count: { least: 0, most: ANY },
    help: 'One row a node: status, roles, taints, planes, version, what is requested.',
    about: [
      'CPU and memory are what the pods of the node request, of what the node can allocate, counted as the scheduler does.',
      '-o wide adds what is free, used (from metrics.k8s.io) and limited, the group in which the node counts, whether it is ' +
        'open to workloads, and its SIZE against what its roles need by the guide: ok, tight without the margin, undersized.',
      'A figure that cannot be known is a question mark in text, and in JSON null with the reason beside it.',
    ],
    examples: [
      { line: 'nodes', says: 'All nodes.' },
      { line: 'nodes --role infra -o wide', says: 'Nodes with the infra role, with what is free and the addresses.' },
      { line: 'nodes -l topology.kubernetes.io/zone=rack-a -o json', says: 'The nodes of a zone, for a program.' },
    ],
    flags: ['selector', 'role', 'no-pods'],
    seconds: READING,
    load: async () => (await import('./answers.ts')).nodes,
  },
  {
    name: 'node',
    arguments: 'NAME',
    count: { least: 1, most: 1 },
    help: 'Everything of one node: figures, size, conditions, addresses, taints, labels, annotations, pods, events.',
    about: [
      'Taints say where they come from, and annotations of MetalK8s say what they mean. The size is what the roles need by ' +
        'the guide, with its margin, against what the machine has. Where workloads may not come, it says why.',
    ],
    examples: [{ line: 'node par1-bootstrap', says: 'The node named par1-bootstrap.' }],
    flags: [],
    seconds: READING,
    load: async () => (await import('./answers.ts')).node,
  },
  {
    name: 'headroom',
    arguments: '',
    count: { least: 0, most: 0 },
    help: 'What is left, what fits, and what the loss of a node would cost.',
    about: [
      'Free for workloads is what is free on open nodes: Ready, not cordoned, not being deleted, without a taint that keeps pods off. In groups ' +
        'a node counts once, under roles and planes under each of its own. Free may be negative.',
      'A loss is worked out pod by pod and is an estimate: affinity between pods, spread, how many volumes a node takes ' +
        'and ReadWriteOncePod are not looked at. Pods of DaemonSets and static pods go with the node, pods with a volume there cannot move.',
      'With --role the words, the nodes and --if-lost largest are of the nodes with that role, and --fits asks for its label. ' +
        'What --fits asks for is placed with all nodes up, also beside --if-lost. The exit code is 1 when what --fits or --if-lost asks for does not fit.',
    ],
    examples: [
      { line: 'headroom', says: 'What is free for workloads, and where.' },
      { line: 'headroom --if-lost largest', says: 'Whether the pods of the largest node would fit elsewhere.' },
      { line: 'headroom --fits cpu=500m,memory=1Gi,replicas=2 -o json', says: 'Whether two pods fit, for a program.' },
    ],
    flags: ['role', 'if-lost', 'fits'],
    seconds: READING,
    load: async () => (await import('./answers.ts')).headroom,
  },
  {
    name: 'pending',
    arguments: '',
    count: { least: 0, most: 0 },
    help: 'Pods that do not start for want of a node: why, and what would let them in.',
    about: [
      "Each pod stands with the scheduler's own reason, the node that is nearest to taking it, and what would let it in " +
        'there; -o wide has the next nodes and what is in the way on how many. Those that the scheduler takes first stand first.',
      'The exit code is 1 when pods wait, else 0.',
    ],
    examples: [{ line: 'pending -o wide', says: 'Pods that wait, with all that is in their way.' }],
    flags: [],
    seconds: READING,
    load: async () => (await import('./answers.ts')).pending,
  },
  {
    name: 'health',
    arguments: '',
    count: { least: 0, most: 0 },
    help: 'The verdict on the cluster: healthy, degraded, at risk or unknown, and why.',
    about: [
      'Each area has a line: control plane, etcd, nodes, certificates, the newest backup; -o wide adds every reason. What is ' +
        'not known is never healthy, and never hides what is bad; certificates that cannot be read from here are counted, and the others ' +
        'are judged. Areas that this version does not look at say so and count for nothing.',
      'Nothing is called healthy by /livez or by lists that a server has at hand: both are well without a quorum of etcd. An alert that needs ' +
        'a time, as a slow disk for ten minutes, is told when it is beyond its limit and counts fully once that time was seen; of a disk ' +
        'and of the way to peers one look tells all since the member started. What counts by the minute takes a console that stays open.',
      'The exit code is 0 when healthy, 1 when degraded or at risk, 3 when unknown.',
    ],
    examples: [
      { line: 'health', says: 'How the cluster is, a line for each area.' },
      { line: 'health -o json', says: 'The same for a program, with every reason.' },
    ],
    flags: [],
    seconds: READING,
    load: async () => (await import('./control-plane-answers.ts')).health,
  },
  {
    name: 'etcd',
    arguments: '',
    count: { least: 0, most: 0 },
    help: 'The members of etcd: quorum, how many may fail, latencies, database, alarms, and what to do.',
    about: [
      'Figures come from each member by the API server, and directly while that does not answer; -o wide says from where and how old. ' +
        'FSYNC-P99 and COMMIT-P99 are what 99 of 100 took at most: over the last minutes, or since the member started.',
      'etcd wants 10ms for an fsync and 25ms for a commit. The exit code is 0 when etcd is healthy, 1 when it is not, 3 when that is not known.',
    ],
    examples: [
      { line: 'etcd', says: 'The members, and what to do.' },
      { line: 'etcd -o json', says: 'The same for a program.' },
    ],
    flags: [],
    seconds: READING,
    load: async () => (await import('./control-plane-answers.ts')).etcd,
  },
  {
    name: 'etcd defragment',
    arguments: '[MEMBER…]',
    count: { least: 0, most: ANY },
    help: 'Give back the free space in the files of etcd, one member after the other, the leader last.',
    about: [
      'Members are given by name, node or id; all when none is. A member answers nobody while it works, so nothing is begun ' +
        'unless all are healthy, and the next one waits until all are healthy again.',
      IN_ORDER,
    ],
    examples: [
      {
        line: 'etcd defragment --dry-run',
        says: 'What would be done, in which order, and what it means for the quorum.',
      },
      { line: 'etcd defragment par1-control-1 --yes', says: 'One member.' },
    ],
    flags: [],
    seconds: null,
    load: async () => (await import('./control-plane-answers.ts')).defragment,
  },
  {
    name: 'etcd disarm',
    arguments: '',
    count: { least: 0, most: 0 },
    help: 'Recover from the alarm NOSPACE: compact, defragment each member, disarm.',
    about: [
      'Each step is seen before the next; the alarm is disarmed only when every file is below the quota.',
      IN_ORDER,
    ],
    examples: [{ line: 'etcd disarm', says: 'Make a cluster writable again whose etcd ran out of space.' }],
    flags: [],
    seconds: null,
    load: async () => (await import('./control-plane-answers.ts')).disarm,
  },
  {
    name: 'etcd move-leader',
    arguments: '[MEMBER]',
    count: { least: 0, most: 1 },
    help: 'Let another member of etcd lead: this one, or the healthiest follower.',
    about: [IN_ORDER],
    examples: [{ line: 'etcd move-leader --yes', says: 'Take the leader away from a machine that will be worked on.' }],
    flags: [],
    seconds: null,
    load: async () => (await import('./control-plane-answers.ts')).moveLeader,
  },
  {
    name: 'backup',
    arguments: '',
    count: { least: 0, most: 0 },
    help: 'Back up now, as MetalK8s does every day; "control-plane" tells the age of the newest backup.',
    about: [
      "It is the product's own backup of the bootstrap node, asked for through the pod of the Salt master, and done once copies " +
        'of the new archive were seen on the masters.',
      IN_ORDER,
    ],
    examples: [{ line: 'backup --yes', says: 'Before something risky.' }],
    flags: [],
    seconds: null,
    load: async () => (await import('./control-plane-answers.ts')).backup,
  },
  {
    name: 'control-plane',
    arguments: '',
    count: { least: 0, most: 0 },
    help: 'What runs the cluster: static pods, API servers, leaders, services, certificates, the newest backup.',
    about: [
      'Each API server is asked at its own address. -o wide adds each check of /livez and /readyz, the services that serve, the ' +
        'subjects of certificates, those that nobody shows, and each copy of a backup.',
      'What falls short is told with what is lost without it.',
      'The exit code is that of the worst of them: 0 when all is well, 1 when something is not, 3 when something is not known.',
    ],
    examples: [{ line: 'control-plane -o wide', says: 'Everything that is known of it.' }],
    flags: [],
    seconds: READING,
    load: async () => (await import('./control-plane-answers.ts')).controlPlane,
  },
  {
    name: 'certificates',
    arguments: '',
    count: { least: 0, most: 0 },
    help: 'Certificates that can be read from here, with the days that are left; what ends first is first.',
    about: [
      'They are those that API servers and the ingresses show, and those of the kubeconfig. An API server counts how long ' +
        'the client certificates of its requests still hold, not whose they are. The others on the nodes, which Salt alone knows, stand by name.',
      'A certificate is renewed by a state run of Salt below 90 days, which is asked for at 45.',
      'The exit code is 1 when one should have been renewed, is over or is not trusted, 3 when none can be read.',
    ],
    examples: [{ line: 'certificates -o json', says: 'For a program that watches their ends.' }],
    flags: [],
    seconds: READING,
    load: async () => (await import('./control-plane-answers.ts')).certificates,
  },
  {
    name: 'label',
    arguments: 'NODE… KEY=VALUE… KEY-…',
    count: { least: 1, most: ANY },
    help: 'Set labels (KEY=VALUE) and remove them (KEY-).',
    about: [CONFIRMING, MANY_NODES],
    examples: [
      { line: 'label par1-worker-1 rack=b2 --dry-run', says: 'What setting a label would do.' },
      {
        line: 'label par1-worker-1 par1-worker-2 rack=b2 tier- --yes',
        says: 'Set one label and remove another on two nodes.',
      },
    ],
    flags: ['selector', 'all'],
    seconds: null,
    load: async () => (await import('./answers.ts')).label,
  },
  {
    name: 'taint',
    arguments: 'NODE… KEY[=VALUE]:EFFECT… KEY[:EFFECT]-…',
    count: { least: 1, most: ANY },
    help: 'Add taints (KEY=VALUE:EFFECT) and remove them (KEY:EFFECT- or KEY-).',
    about: [
      'EFFECT is NoSchedule, PreferNoSchedule or NoExecute. NoExecute evicts pods that do not tolerate it; the plan counts them.',
      CONFIRMING,
      MANY_NODES,
    ],
    examples: [
      {
        line: 'taint par1-bootstrap node-role.kubernetes.io/bootstrap:NoSchedule-',
        says: 'Let workloads run on the bootstrap node.',
      },
      {
        line: 'taint par1-worker-1 disk=slow:PreferNoSchedule --yes',
        says: 'Keep pods away from a node where possible.',
      },
    ],
    flags: ['selector', 'all', 'add-node-role'],
    seconds: null,
    load: async () => (await import('./answers.ts')).taint,
  },
  {
    name: 'role',
    arguments: 'NODE… +ROLE… -ROLE…',
    count: { least: 1, most: ANY },
    dashed: ROLES.map((role) => `-${role}`),
    help: 'Give nodes roles (+ROLE) and take roles away (-ROLE), with the taints that MetalK8s gives to the set.',
    about: [
      'ROLE is master, etcd, infra or node; bootstrap stays where it is. Where MetalK8s names taints for the roles that a ' +
        'node has then, they are set and removed with the labels; --taint and --no-taint say otherwise. Other taints are never touched.',
      'A role is set up on the machine only when the node is deployed again, and taking one away uninstalls nothing; the plan says what follows.',
      CONFIRMING,
      MANY_NODES,
    ],
    examples: [
      { line: 'role par1-worker-1 +infra -node --dry-run', says: 'What making a worker an infra node would do.' },
      { line: 'role par1-worker-1 +infra --no-taint --yes', says: 'Give a role and leave the taints as they are.' },
    ],
    flags: ['selector', 'all', 'taint', 'no-taint'],
    seconds: null,
    load: async () => (await import('./answers.ts')).role,
  },
  {
    name: 'cordon',
    arguments: 'NODE…',
    count: { least: 0, most: ANY },
    help: 'Let no new pods start on nodes.',
    about: [CONFIRMING, MANY_NODES],
    examples: [{ line: 'cordon par1-worker-1 --yes', says: 'Cordon one node.' }],
    flags: ['selector', 'all'],
    seconds: null,
    load: async () => (await import('./answers.ts')).cordon,
  },
  {
    name: 'uncordon',
    arguments: 'NODE…',
    count: { least: 0, most: ANY },
    help: 'Let new pods start on nodes again.',
    about: [CONFIRMING, MANY_NODES],
    examples: [{ line: 'uncordon par1-worker-1 --yes', says: 'Uncordon one node.' }],
    flags: ['selector', 'all'],
    seconds: null,
    load: async () => (await import('./answers.ts')).uncordon,
  },
  {
    name: 'undo',
    arguments: '[ID]',
    count: { least: 0, most: 1 },
    help: 'Take back the last operation, or the one with this id.',
    about: [
      'Only what the operation wrote is put back, and only where it still stands; what somebody else changed since is left alone and told.',
      CONFIRMING,
    ],
    examples: [{ line: 'undo --dry-run', says: 'Show what would be put back.' }],
    flags: [],
    seconds: null,
    load: async () => (await import('./answers.ts')).undo,
  },
  {
    name: 'journal',
    arguments: '',
    count: { least: 0, most: 0 },
    help: 'The trail of what was changed from this machine, the newest first.',
    about: [
      'It is one file for all clusters, in $XDG_STATE_HOME/metalk8s-console (~/.local/state when not set), and is read without ' +
        'any of them; --context takes what was done in one context.',
    ],
    examples: [
      { line: 'journal --node par1-bootstrap --since 1d', says: 'What was done to one node since yesterday.' },
    ],
    flags: ['node', 'since', 'limit'],
    seconds: READING,
    load: async () => (await import('./answers.ts')).journal,
  },
  {
    name: 'sandbox',
    arguments: '',
    count: { least: 0, most: 0 },
    help: 'Run a MetalK8s cluster in a box on this machine until stopped.',
    about: [
      'Once it is ready, a kubeconfig is written (to --kubeconfig FILE, else to a temporary file) and the addresses are printed. ' +
        'Ctrl-C stops it and removes the kubeconfig. It listens on this machine only.',
    ],
    examples: [
      { line: 'sandbox --kubeconfig sandbox.kubeconfig', says: 'A cluster of six nodes for kubectl and this program.' },
      { line: 'sandbox --nodes 100 --pods 2000', says: 'A larger one.' },
    ],
    flags: ['nodes', 'pods', 'happened', 'stop-with-stdin'],
    seconds: null,
    load: async () => (await import('./sandbox.ts')).sandbox,
  },
];

/** What runs when no command is named. */
export const CONSOLE: Command = {
  name: '',
  arguments: '',
  count: { least: 0, most: 0 },
  help: 'The full-screen console; without a terminal, the nodes as text, once.',
  about: [],
  examples: [],
  flags: [],
  seconds: null,
  load: async () => (await import('./answers.ts')).console,
};

export const commandNamed = (name: string): Command | undefined => COMMANDS.find((command) => command.name === name);
