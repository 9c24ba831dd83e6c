import type { Sight } from '../checks/verdict/sight.ts';
import { valueOf, whyNot } from '../model/reading.ts';
import {
  apiServerWords,
  backupWords,
  certificateWords,
  copyWords,
  daysWords,
  leaderWords,
  restartsOf,
  servingWords,
  staticPodWords,
} from '../state/control-plane-words.ts';
import type { ControlPlanePicture } from '../state/control-plane.ts';
import { instant, isInstant } from '../text/age.ts';
import { UNKNOWN } from '../text/amounts.ts';
import { latency } from '../text/latency.ts';
import { section, sentences, titles, unknownSection } from './section.ts';

const date = (at: number | null): string => (at === null || !isInstant(at) ? UNKNOWN : instant(at).slice(0, 10));

function nodesText({ nodes }: ControlPlanePicture): string {
  const known = valueOf(nodes);
  if (known === null) return unknownSection('Static pods', whyNot(nodes));
  return section(
    'Static pods',
    [...titles('NODE', 'POD', 'STATE'), { title: 'RESTARTS', align: 'right' }],
    known.flatMap(({ node, pods }) =>
      pods.map((standing) => [
        node,
        standing.pod.title,
        staticPodWords(standing),
        String(restartsOf(standing) ?? UNKNOWN),
      ]),
    ),
  );
}

function serversText({ apiServers }: ControlPlanePicture, now: number): string {
  const rows = apiServers.map((server) => {
    const value = valueOf(server.health);
    const took = (answer: 'live' | 'ready'): string =>
      value === null ? UNKNOWN : latency(value[answer].milliseconds / 1_000);
    return [server.node ?? '-', server.address, took('live'), took('ready'), apiServerWords(server, now).words];
  });
  return section('API servers', titles('NODE', 'ADDRESS', 'LIVEZ', 'READYZ', 'STATE'), rows);
}

const leadersText = ({ leaders }: ControlPlanePicture): string =>
  section(
    'Leaders',
    titles('COMPONENT', 'LEADER'),
    leaders.map((leader) => [leader.name, leaderWords(leader)]),
  );

/** Those that serve all that is wanted are told in the wide form alone. */
function servicesText({ services }: ControlPlanePicture, wide: boolean): string {
  const quiet = services.filter(({ standing }) => standing === 'serving' || standing === 'not-installed');
  const shown = wide ? services : services.filter((service) => !quiet.includes(service));
  if (services.length > 0 && shown.length === 0)
    return sentences(
      `Services: all ${quiet.filter(({ standing }) => standing === 'serving').length} that are installed serve.`,
    );
  return section(
    wide ? 'Services' : 'Services that fall short',
    titles('SERVICE', 'KIND', 'NAMESPACE', 'NAME', 'SERVING', 'STATE'),
    shown.map((service) => [
      service.service.title,
      service.service.kind,
      service.service.namespace,
      service.service.name,
      servingWords(service),
      service.standing,
    ]),
  );
}

/** Certificates, what ends first is first. */
export function certificatesText({ controlPlane }: Pick<Sight, 'controlPlane'>, wide: boolean): string {
  return section(
    'Certificates',
    [
      { title: 'LEFT', align: 'right' },
      ...titles('UNTIL', 'WHAT', 'NODE', 'WHERE', ...(wide ? ['SUBJECT'] : []), 'STATE'),
    ],
    controlPlane.certificates.map((standing) => {
      const value = valueOf(standing.certificate);
      return [
        daysWords(standing, UNKNOWN),
        date(value?.until ?? null),
        standing.what,
        standing.node ?? '-',
        standing.where,
        ...(wide ? [value?.subject ?? UNKNOWN] : []),
        certificateWords(standing).words,
      ];
    }),
  );
}

function backupText({ backup }: ControlPlanePicture, wide: boolean): string {
  const value = valueOf(backup);
  if (value === null) return unknownSection('Backup', whyNot(backup));
  return sentences(
    `Backup: ${backupWords(value).words}.`,
    ...(wide ? value.copies.map((copy) => `  ${copyWords(copy)}`) : []),
  );
}

/** Everything of the control plane but etcd, for people. */
export function controlPlaneText({ controlPlane, now }: Pick<Sight, 'controlPlane' | 'now'>, wide: boolean): string {
  return [
    nodesText(controlPlane),
    serversText(controlPlane, now),
    leadersText(controlPlane),
    servicesText(controlPlane, wide),
    certificatesText({ controlPlane }, wide),
    backupText(controlPlane, wide),
  ].join('\n');
}
