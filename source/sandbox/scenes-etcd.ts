import type { Scene } from './scene.ts';
import { QUOTA } from './world/etcd/etcd.ts';
import type { Disk } from './world/etcd/member.ts';
import type { Machine } from './world/machines.ts';

const MINUTE = 60_000;
const KIBIBYTE = 1024;

/** Its slowest writes take far longer than what etcd's alerts let pass, and its log follows them. */
const SLOW_DISK: Disk = { fsync: { median: 0.15, shape: 3 }, commit: { median: 0.09, shape: 3 } };

const membersOf = (machines: readonly Machine[]): string[] =>
  machines.flatMap(({ name, roles }) => (roles.includes('etcd') ? [name] : []));

/** The member that is stopped first: the last, which does not lead. */
const lastMember = (machines: readonly Machine[]): string[] => membersOf(machines).slice(-1);

/** The first workload node, or none. */
const aWorker = (machines: readonly Machine[]): string[] =>
  machines.flatMap(({ name, roles }) => (roles.every((role) => role === 'node') ? [name] : [])).slice(0, 1);

/** What a scene says beside its machines and its workloads. */
type Twist = Omit<Scene, 'machines' | 'workloads'>;

/** What goes wrong with etcd and with what is around it, on the standard architecture. */
export const ETCD_TWISTS = {
  'etcd-member-down': {
    told: 'a member of etcd ended four minutes ago and does not come back: two of three are left, none more can be lost',
    past: (machines) => ({
      ago: 4 * MINUTE,
      happens: ({ etcd }) => lastMember(machines).forEach((node) => etcd.stop(node)),
    }),
  },
  'etcd-slow-disk': {
    told: 'the disk of a member of etcd is slow: its log and its database take longer than the alerts of the product let pass',
    etcd: { disks: { 2: SLOW_DISK }, since: 130 * MINUTE },
  },
  'etcd-quota-low': {
    told: 'the database of etcd is nearly as large as it may be, and grows: full in some hours',
    etcd: { kept: 0.9775 * QUOTA, free: 0, growth: 4 * KIBIBYTE },
  },
  'etcd-nospace': {
    told: 'the database of etcd is full and refuses writes, most of it history that a compaction takes away',
    etcd: { kept: 0.19 * QUOTA, history: 0.82 * QUOTA, free: 0 },
  },
  'etcd-no-quorum': {
    told: 'two of three members of etcd end, in the console ten seconds after the start: the API server keeps answering of what it remembers',
    reachable: true,
    future: (machines) => ({
      after: 10_000,
      happens: ({ etcd }) =>
        membersOf(machines)
          .slice(-2)
          .forEach((node) => etcd.stop(node)),
    }),
  },
  'certificates-near-expiry': {
    told: 'the certificate of the API server ends in 11 days, that of its clients in 24',
    // Half a day more than told, so that it is true for as long.
    certificates: { server: 11.5, clients: 24.5 },
    reachable: true,
  },
  'two-problems': {
    told: 'a workload node was lost, and a member of etcd ended a little later',
    past: (machines) => ({
      ago: 12 * MINUTE,
      happens(world) {
        for (const node of aWorker(machines)) world.silence(node);
        world.after(3 * MINUTE, () => lastMember(machines).forEach((node) => world.etcd.stop(node)));
      },
    }),
  },
} as const satisfies Record<string, Twist>;
