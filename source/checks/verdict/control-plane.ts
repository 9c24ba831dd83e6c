import { valueOf, whyNot } from '../../model/reading.ts';
import type { ServiceGroup } from '../../product/services.ts';
import type {
  ApiServerStanding,
  ControlPlanePicture,
  LeaderStanding,
  ServiceStanding,
  Standing,
  StaticPodStanding,
} from '../../state/control-plane.ts';
import { leaderDoubt } from '../../state/control-plane-words.ts';
import { NOT_ASKED } from '../../state/picture.ts';
import { judged, type Finding } from './judged.ts';
import { countLost } from './nodes.ts';
import { sinceWords } from './since.ts';
import type { Judge, Sight } from './sight.ts';
import type { Reason, Verdict } from './verdict.ts';

const at = (object: string | null): Reason['next'] => ({ screen: 'control-plane', object });

/** What a standing is called where it is wrong. */
const WRONG: Readonly<Partial<Record<Standing, string>>> = {
  partly: 'is short',
  down: 'is down',
  missing: 'is missing',
};

/** Why nothing is known of a cluster: told once, beside the others, since each screen and each area waits for it. */
const unreached = (why: string): readonly Finding[] => [
  { severity: 'unknown', sentence: 'the API server gave no list of nodes', next: at(null) },
  { severity: 'unknown', sentence: why.replace(/\.$/, ''), isAside: true },
];

/** Services without which no pod finds another. */
const CARRYING: readonly ServiceGroup[] = ['network', 'names'];

/** What etcd that is full says of itself: nothing can be changed until that alarm is disarmed. */
const FULL = 'NOSPACE';

/** Whether nothing can be written to etcd: a Lease then lapses, and etcd is told before whom it holds up. */
const takesNoWrites = ({ etcd: { quorum, alarms } }: Sight): boolean =>
  valueOf(quorum)?.isKept === false || valueOf(alarms)?.some(({ kind }) => kind === FULL) === true;

/**
 * The API server by what was asked of it through the door in use: lists and round trips that etcd has to answer. Without
 * a quorum it is not to blame, and etcd is told before it. One that never answered is not known: it may be the way to it.
 */
function doorFindings({ state: { resources, unansweredSince }, etcd, now }: Sight): readonly Finding[] {
  const { status } = resources.nodes;
  const waits = valueOf(etcd.quorum)?.isKept === false;
  const silent = (since: number | null): readonly Finding[] => {
    const sentence = `the API server ${waits ? 'waits for etcd' : 'does not answer'}${sinceWords(since, now)}`;
    return [{ severity: waits ? 'degraded' : 'at-risk', sentence, since, next: at(null) }];
  };
  switch (status.state) {
    case 'live':
      return unansweredSince === null ? [] : silent(unansweredSince);
    case 'stale':
      return silent(status.since);
    case 'loading':
      return [{ severity: 'unknown', sentence: 'connecting', next: at(null) }];
    case 'absent':
      if (status === NOT_ASKED) return [{ severity: 'unknown', sentence: 'not asked yet' }];
      return waits ? silent(null) : unreached(status.why);
    case 'denied':
      // Whoever refuses has answered.
      return [];
  }
}

/**
 * API servers at their own addresses. One that nobody there reaches is told only, since the way to it may be closed to
 * this machine; a check of `/livez` or `/readyz` counts only where it fails, since both pass without a quorum.
 */
function serverFindings(servers: readonly ApiServerStanding[], now: number): readonly Finding[] {
  const anyAnswers = servers.some(({ lostSince, health }) => lostSince === null && valueOf(health) !== null);
  return servers.flatMap(({ address, node, lostSince, failing, health }): readonly Finding[] => {
    const found = (severity: Verdict, words: string, since: number | null): readonly Finding[] => [
      { severity, sentence: `API server of ${node ?? address} ${words}`, since, next: at(address) },
    ];
    if (lostSince !== null)
      return found(
        anyAnswers ? 'degraded' : 'healthy',
        `does not answer${anyAnswers ? '' : ' at its own address'}${sinceWords(lostSince, now)}`,
        lostSince,
      );
    return failing.length === 0 || health.state !== 'known'
      ? []
      : found('degraded', `fails its check ${failing.join(', ')}`, null);
  });
}

const LEADER_TITLES: Readonly<Record<string, string>> = {
  'kube-scheduler': 'scheduler',
  'kube-controller-manager': 'controller manager',
};

/** Components of which one leads: without a leader nothing is placed, or nothing is put right. */
function leaderFindings(leader: LeaderStanding, sight: Sight): readonly Finding[] {
  const { name, standing, age } = leader;
  const { now } = sight;
  const title = LEADER_TITLES[name] ?? name;
  const found = (severity: Verdict, sentence: string, since: number | null = null): readonly Finding[] => [
    { severity, sentence, since, next: at(name) },
  ];
  switch (standing) {
    case 'held':
      return [];
    case 'lapsed': {
      const since = age === null ? null : now - age;
      const sentence = `no ${title} leads${sinceWords(since, now)}`;
      return takesNoWrites(sight)
        ? found('degraded', `${sentence}, as etcd takes no writes`, since)
        : found('at-risk', sentence, since);
    }
    case 'free':
    case 'missing':
      return found('at-risk', `no ${title} leads`);
    case 'unknown':
      return found('unknown', `which ${title} leads is not known: ${leaderDoubt(leader)}`);
  }
}

const because = (why: string | null): string => (why === null ? '' : `: ${why}`);

/** Static pods but etcd's, whose members answer for themselves. What is on a node that is lost, the node says. */
function podFindings({ nodes }: ControlPlanePicture): readonly Finding[] {
  const hosts = valueOf(nodes);
  if (hosts === null) return [{ severity: 'unknown', sentence: `its pods are not known${because(whyNot(nodes))}` }];
  const pods = hosts.flatMap((host) => host.pods).filter(({ pod }) => pod.component !== 'etcd');
  const serves = ({ pod: { component } }: StaticPodStanding): boolean =>
    pods.some(({ pod, standing }) => pod.component === component && ['serving', 'unknown'].includes(standing));
  return pods.flatMap((one): readonly Finding[] => {
    const wrong = WRONG[one.standing];
    if (wrong === undefined) return [];
    const isVital = one.pod.role === 'master' && !serves(one);
    const sentence = `${one.pod.title} of ${one.node} ${one.standing === 'partly' ? 'is not ready' : wrong}`;
    return [{ severity: isVital ? 'at-risk' : 'degraded', sentence, next: at(one.node) }];
  });
}

/** How bad it is that a service does not serve whole. A DaemonSet that is short by lost nodes says nothing new. */
function severityOf({ service, standing, workload }: ServiceStanding, lost: number): Verdict {
  const value = valueOf(workload);
  const missing = value === null ? Infinity : value.wanted - value.serving;
  if (standing === 'partly') return service.kind === 'DaemonSet' && missing <= lost ? 'healthy' : 'degraded';
  return CARRYING.includes(service.group) ? 'at-risk' : 'degraded';
}

/** Services of the product; why those cannot be read of which nobody can say how they are, is said once each. */
function serviceFindings(services: readonly ServiceStanding[], lost: number): readonly Finding[] {
  const wrong = services.flatMap((one): readonly Finding[] => {
    const { service, standing, workload } = one;
    const words = WRONG[standing];
    if (words === undefined) return [];
    const value = valueOf(workload);
    const count = value === null ? '' : `, ${value.serving} of ${value.wanted}`;
    const sentence = `${service.title} ${words}${count}`;
    return [{ severity: severityOf(one, lost), sentence, next: at(service.name) }];
  });
  const unknown = services.filter(({ standing }) => standing === 'unknown').map(({ workload }) => whyNot(workload));
  const whys = [...new Set(unknown.map((why) => why ?? 'nobody tells'))];
  return [
    ...wrong,
    ...whys.map((why): Finding => ({
      severity: 'unknown',
      sentence: `services are not known: ${why}`,
      next: at(null),
    })),
  ];
}

/** What runs the cluster, etcd left aside. */
export const controlPlane: Judge = (sight) => {
  const { controlPlane: picture, state, now } = sight;
  const door = doorFindings(sight);
  const others = [
    ...picture.leaders.flatMap((leader) => leaderFindings(leader, sight)),
    ...podFindings(picture),
    ...serverFindings(picture.apiServers, now),
    ...serviceFindings(picture.services, countLost(sight)),
  ];
  // Of a cluster that was never reached one cause tells why nothing is known.
  const isReached = state.resources.nodes.status.state !== 'absent';
  const findings = [...door, ...others.filter(({ severity }) => isReached || severity !== 'unknown')];
  const isWell = findings.every(({ severity }) => severity === 'healthy');
  const latency = state.latency === null ? '' : ` ${Math.round(state.latency)}ms`;
  return judged('control-plane', isWell ? `control plane ok${latency}` : 'control plane', findings);
};
