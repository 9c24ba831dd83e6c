import type { Sight } from '../checks/verdict/sight.ts';
import type { AreaVerdict } from '../checks/verdict/verdict.ts';
import type { BackupCopy, HealthAnswer } from '../model/control-plane/control-plane.ts';
import { absent, mapReading, type Reading } from '../model/reading.ts';
import { renewalOfClients } from '../product/certificates.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { UNTIL_SALT } from '../state/control-plane-words.ts';
import type {
  ApiServerStanding,
  CertificateStanding,
  ControlPlaneNode,
  ControlPlanePicture,
  LeaderStanding,
  ServiceStanding,
} from '../state/control-plane.ts';
import { instant, isInstant } from '../text/age.ts';
import type { Call } from './command.ts';
import { envelope } from './envelope.ts';
import type { CertificatesDocument, ControlPlaneDocument } from './kinds/control-plane.ts';
import { instantOrNull, told } from './told.ts';

/** A reading of something that may not be there, with what is said then. */
const orAbsent = <T>(reading: Reading<T | null>, why: string): Reading<T> =>
  (reading.state === 'known' || reading.state === 'stale') && reading.value === null
    ? absent(why)
    : (reading as Reading<T>);

const same = <T>(value: T): T => value;
const seconds = (milliseconds: number | null): number | null => (milliseconds === null ? null : milliseconds / 1_000);

const nodeItem = ({ node, roles, pods }: ControlPlaneNode) => ({
  node,
  roles: [...roles],
  staticPods: pods.map(({ pod, row, standing }) => ({
    component: pod.component,
    title: pod.title,
    without: pod.without,
    standing,
    ...told('pod', orAbsent(row, 'there is no such pod'), ({ name, status, ready, restarts }) => ({
      name,
      status,
      readyContainers: ready.containers,
      containers: ready.of,
      restarts,
    })),
  })),
});

const answerItem = ({ ok, checks, milliseconds }: HealthAnswer) => ({
  ok,
  seconds: milliseconds / 1_000,
  failing: checks.filter((check) => !check.ok).map(({ name }) => name),
  checks: checks.map(({ name, ok }) => ({ name, ok })),
});

const serverItem = ({ address, node, lostSince, health }: ApiServerStanding) => ({
  address,
  node,
  lostSince: instantOrNull(lostSince),
  ...told('live', health, ({ live }) => answerItem(live)),
  ...told('ready', health, ({ ready }) => answerItem(ready)),
});

function leaderItem({ name, standing, node, lease, age }: LeaderStanding) {
  const held = orAbsent(lease, 'there is no such Lease');
  const renewedAt = mapReading(held, (value) => value.renewedAt);
  return {
    name,
    standing,
    node,
    ...told('holder', held, ({ holder }) => holder),
    ...told('renewedAt', orAbsent(renewedAt, 'the Lease does not say'), instant),
    age: seconds(age),
  };
}

const serviceItem = ({ service, workload, standing }: ServiceStanding) => {
  const there = orAbsent(workload, service.only === null ? 'it is not there' : `it is there only ${service.only}`);
  return {
    title: service.title,
    kind: service.kind,
    namespace: service.namespace,
    name: service.name,
    without: service.without,
    standing,
    ...told('serving', there, ({ serving }) => serving),
    ...told('wanted', there, ({ wanted }) => wanted),
  };
};

function certificateItem({
  what,
  where,
  source,
  node,
  certificate,
  daysLeft,
  renewal,
}: CertificateStanding): CertificatesDocument['items'][number] {
  const derived = <T>(value: T | null): Reading<T> =>
    orAbsent(
      mapReading(certificate, () => value),
      'it could not be read',
    );
  const time = (at: number): string | null => (isInstant(at) ? instant(at) : null);
  return {
    what,
    where,
    source,
    node,
    ...told('subject', certificate, ({ subject }) => subject),
    ...told('from', certificate, ({ from }) => time(from)),
    ...told('until', certificate, ({ until }) => time(until)),
    ...told('daysLeft', derived(daysLeft), same),
    ...told('renewal', derived(renewal), same),
    ...told('distrust', certificate, ({ distrust }) => distrust),
    ...told('unverified', certificate, ({ unverified }) => unverified),
  };
}

const furtherCertificates = ({ clients, unread }: ControlPlanePicture) => ({
  ...told('clients', clients, (counted) => ({
    where: counted.where,
    since: instantOrNull(counted.since),
    requests: counted.requests,
    atLeast: counted.atLeast,
    below: counted.below,
    renewal: renewalOfClients(counted),
  })),
  ...told('unread', unread, (all) =>
    all.map(({ what, role, nodes, file }) => ({ what, role, nodes, file, daysLeft: null, daysLeftWhy: UNTIL_SALT })),
  ),
});

const copyItem = ({ job, node, startedAt, endedAt, outcome }: BackupCopy) => ({
  job,
  node,
  startedAt: instantOrNull(startedAt),
  endedAt: instantOrNull(endedAt),
  outcome,
});

/** All that `control-plane` answers, as programs read it. */
export function controlPlaneDocument(
  call: Call,
  state: ClusterState,
  { controlPlane }: Pick<Sight, 'controlPlane'>,
  { verdict, sentence }: Pick<AreaVerdict, 'verdict' | 'sentence'>,
): ControlPlaneDocument {
  const { nodes, apiServers, leaders, services, certificates, backup } = controlPlane;
  return {
    ...envelope('ControlPlane', state, call),
    verdict,
    sentence,
    ...told('nodes', nodes, (all) => all.map(nodeItem)),
    apiServers: apiServers.map(serverItem),
    leaders: leaders.map(leaderItem),
    services: services.map(serviceItem),
    certificates: certificates.map(certificateItem),
    ...furtherCertificates(controlPlane),
    ...told('backup', backup, ({ newest, age, copies }) => ({
      newest: newest === null ? null : copyItem(newest),
      age: seconds(age),
      copies: copies.map(copyItem),
    })),
  };
}

/** All that `certificates` answers, as programs read it. */
export const certificatesDocument = (
  call: Call,
  state: ClusterState,
  { controlPlane }: Pick<Sight, 'controlPlane'>,
  { verdict, sentence }: Pick<AreaVerdict, 'verdict' | 'sentence'>,
): CertificatesDocument => ({
  ...envelope('Certificates', state, call),
  verdict,
  sentence,
  items: controlPlane.certificates.map(certificateItem),
  ...furtherCertificates(controlPlane),
});
