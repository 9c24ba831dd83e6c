import type { Clock } from '../../../source/links/kubernetes/clock.ts';
import { LinkFailure } from '../../../source/links/kubernetes/failure.ts';
import type { EtcdAlarm, EtcdFigures, EtcdMember } from '../../../source/model/etcd/etcd.ts';
import type { EtcdReading, EtcdWriting } from '../../../source/operations/etcd/etcd-link.ts';
import { journalInMemory, type Journal } from '../../../source/operations/journal.ts';
import type { EtcdRequest, Plan, StepProgress } from '../../../source/operations/operation.ts';
import { ETCD_PATIENCE } from '../../../source/operations/etcd/perform-etcd.ts';
import { planEtcd } from '../../../source/operations/etcd/plan-etcd.ts';
import type { Planning } from '../../../source/operations/plan.ts';
import type { Run } from '../../../source/operations/run.ts';
import { runPlan } from '../../../source/operations/run-plan.ts';
import { createStore } from '../../../source/state/store.ts';
import { makeNode } from '../../state/made.ts';
import { NODES_ALONE } from '../nodes-alone.ts';
import { fakeLink } from '../wire-node.ts';

export const MEBIBYTE = 2 ** 20;

/** A member of the fake, by whether it answers and what its file holds. */
export type FakeMember = {
  readonly id: string;
  name: string;
  readonly node: string;
  /** The id that the process on its node gives itself; its own where null. */
  answersAs: string | null;
  isLearner: boolean;
  /** It answers, and takes part. */
  healthy: boolean;
  /** Looks after which it is healthy by itself; null for never. */
  healsIn: number | null;
  size: number;
  inUse: number;
  /** How often it was defragmented since it started. */
  defragmentations: number;
};

/** What happens to one command: where it ends, and what becomes of the members by it. */
export type Fate = {
  readonly end: 'answered' | 'not-sent' | 'refused' | 'lost-done' | 'lost-undone';
  /** Afterwards. */
  readonly then?: (etcd: FakeEtcd) => void;
};

export type Written = { readonly task: string; readonly node: string; readonly argument: string };

/** An etcd of members on the nodes m-1, m-2 and so on; `leader` is the first. */
export class FakeEtcd {
  readonly members: FakeMember[];
  /** Nodes with the role etcd. */
  readonly nodes: readonly string[];
  leader: string | null;
  alarms: EtcdAlarm[] = [];
  quota = 100 * MEBIBYTE;
  revision = 1_000;
  compacted = 500;
  /** Every command that reached a member, in order, and every look at all members. */
  readonly log: (({ readonly kind: 'write' } & Written) | { readonly kind: 'look' })[] = [];
  /** The fate of the next commands; answered where none is left. */
  fates: Fate[] = [];
  /** Called before a command is done. */
  onWrite: (written: Written) => void = () => undefined;

  constructor(size: number) {
    this.members = Array.from({ length: size }, (_, place) => ({
      id: (0xa000 + place).toString(16),
      name: `m-${place + 1}`,
      node: `m-${place + 1}`,
      answersAs: null,
      isLearner: false,
      healthy: true,
      healsIn: null,
      size: 80 * MEBIBYTE,
      inUse: 40 * MEBIBYTE,
      defragmentations: 0,
    }));
    this.nodes = this.members.map(({ node }) => node);
    this.leader = this.members[0]?.id ?? null;
  }

  at(node: string): FakeMember {
    const member = this.members.find((one) => one.node === node);
    if (!member) throw new LinkFailure({ kind: 'not-found', message: `No etcd runs on ${node}.`, sent: true });
    return member;
  }

  get writes(): readonly Written[] {
    return this.log.flatMap((entry) => (entry.kind === 'write' ? [entry] : []));
  }

  readonly reader: EtcdReading = {
    membership: () => {
      this.log.push({ kind: 'look' });
      for (const member of this.members) {
        if (member.healthy || member.healsIn === null) continue;
        member.healsIn -= 1;
        member.healthy = member.healsIn <= 0;
      }
      if (!this.members.some(({ healthy }) => healthy))
        return Promise.reject(new LinkFailure({ kind: 'unreachable', message: 'No member answers.', sent: true }));
      return Promise.resolve({
        cluster: 'c1',
        leader: this.leader,
        alarms: this.alarms,
        members: this.members.map(({ id, name, node, isLearner }): EtcdMember => ({
          id,
          name,
          isLearner,
          peerUrls: [`https://${node}.test:2380`],
          clientUrls: [`https://${node}.test:2379`],
        })),
      });
    },
    health: async (node) => {
      const { healthy } = await Promise.resolve(this.at(node));
      if (!healthy) throw new LinkFailure({ kind: 'timeout', message: `${node} gave no answer.`, sent: true });
      const [alarm] = this.alarms;
      return alarm ? { healthy: false, reason: `ALARM ${alarm.kind}` } : { healthy: true, reason: '' };
    },
    figures: async (node) => {
      const { id, answersAs, healthy, size, inUse, defragmentations } = await Promise.resolve(this.at(node));
      if (!healthy) throw new LinkFailure({ kind: 'timeout', message: `${node} gave no answer.`, sent: true });
      return {
        ...NO_FIGURES,
        id: answersAs ?? id,
        hasLeader: this.leader !== null,
        dbSize: size,
        dbSizeInUse: inUse,
        quota: this.quota,
        defragmentations,
      };
    },
    revision: () => Promise.resolve(String(this.revision)),
  };

  readonly writer: EtcdWriting = {
    compact: (node, revision) =>
      this.#write({ task: 'compact', node, argument: revision }, () => {
        if (Number(revision) <= this.compacted)
          throw new LinkFailure({
            kind: 'server',
            message: 'Cannot compact etcd.',
            detail: 'etcdserver: mvcc: required revision has been compacted',
            sent: true,
          });
        this.compacted = Number(revision);
        for (const member of this.members) member.inUse = Math.min(member.inUse, 20 * MEBIBYTE);
      }),
    defragment: (node) =>
      this.#write({ task: 'defragment', node, argument: '' }, () => {
        const member = this.at(node);
        if (member.isLearner)
          throw new LinkFailure({ kind: 'server', message: 'rpc not supported for learner', sent: true });
        member.size = member.inUse;
        member.defragmentations += 1;
      }),
    disarm: (node) =>
      this.#write({ task: 'disarm', node, argument: '' }, () => {
        this.alarms = [];
      }),
    moveLeader: (node, to) =>
      this.#write({ task: 'move-leader', node, argument: to }, () => {
        this.leader = to;
      }),
  };

  async #write(written: Written, does: () => void): Promise<void> {
    const { end, then } = this.fates.shift() ?? { end: 'answered' };
    this.onWrite(written);
    await Promise.resolve();
    if (end === 'not-sent') throw new LinkFailure({ kind: 'refused', message: 'Nobody listens.', sent: false });
    this.log.push({ kind: 'write', ...written });
    if (end === 'answered' || end === 'lost-done') does();
    then?.(this);
    if (end === 'refused') throw new LinkFailure({ kind: 'forbidden', message: 'That is forbidden.', sent: true });
    if (end !== 'answered') throw new LinkFailure({ kind: 'unknown-outcome', message: 'No answer came.', sent: true });
  }
}

const NO_FIGURES: EtcdFigures = {
  id: null,
  version: '3.5.15',
  startedAt: null,
  hasLeader: null,
  isLeader: null,
  isLearner: null,
  dbSize: null,
  dbSizeInUse: null,
  quota: null,
  committed: null,
  applied: null,
  leaderChanges: null,
  failedProposals: null,
  pendingProposals: null,
  slowApplies: null,
  peerFailures: null,
  defragmentations: null,
  fsync: null,
  commit: null,
  roundTrips: {},
  requests: null,
  handling: {},
};

/** Time that passes as soon as it is waited for. */
const INSTANTLY: Clock = {
  now: () => 0,
  after: (_, run) => {
    const soon = setImmediate(run);
    return () => clearImmediate(soon);
  },
};

const planningOn = ({ nodes }: FakeEtcd, readOnly: string | null): Planning => ({
  state: createStore([
    {
      type: 'changed',
      at: 1,
      resource: 'nodes',
      items: nodes.map((node) => ({
        ...makeNode({ name: node, labels: { 'node-role.kubernetes.io/etcd': '' } }),
        addresses: [{ type: 'InternalIP', address: `${node}.test` }],
      })),
    },
    {
      type: 'server',
      at: 1,
      facts: {
        cluster: 'par1',
        context: 'admin@par1',
        user: 'admin',
        kubernetesVersion: null,
        metalk8sVersion: null,
        door: { address: 'https://192.0.2.1:6443', first: true },
      },
    },
  ]).state,
  id: 'op-1',
  readOnly,
});

export const planOf = (etcd: FakeEtcd, request: EtcdRequest, readOnly: string | null = null): Promise<Plan> =>
  planEtcd(planningOn(etcd, readOnly), request, etcd.reader);

/** Looks at most, after a command, before it is given up. */
export const LOOKS = 6;

type More = {
  readonly journal?: Journal;
  readonly signal?: AbortSignal;
  readonly stop?: AbortSignal | undefined;
  readonly onProgress?: ((progress: StepProgress) => void) | undefined;
  readonly clock?: Clock;
};
type Ways = { readonly reader: EtcdReading; readonly writer: EtcdWriting };

export const runOn = (
  etcd: Ways,
  plan: Plan,
  { journal = journalInMemory(), signal, stop, onProgress, clock = INSTANTLY }: More = {},
) => {
  const { reader, writer } = fakeLink();
  const run: Run = {
    ...NODES_ALONE,
    reader,
    writer,
    etcd,
    journal,
    store: null,
    now: () => 5_000,
    who: 'ada',
    context: 'admin@par1',
    clock,
    patience: clock === INSTANTLY ? { bound: LOOKS, pause: 1 } : ETCD_PATIENCE,
    stop,
    ...(signal && { signal }),
  };
  return runPlan(plan, run, onProgress);
};
