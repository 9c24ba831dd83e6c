import type { Sight } from '../checks/verdict/sight.ts';
import { valueOf, whyNot } from '../model/reading.ts';
import {
  apiServerWords,
  backupWords,
  certificateWords,
  clientWords,
  copyWords,
  daysWords,
  leaderWords,
  meaningWords,
  restartsOf,
  serviceDoubts,
  servingWords,
  staticPodWords,
  UNTIL_SALT,
} from '../state/control-plane-words.ts';
import type { ControlPlanePicture } from '../state/control-plane.ts';
import { instant, isInstant } from '../text/age.ts';
import { UNKNOWN } from '../text/amounts.ts';
import { latency } from '../text/latency.ts';
import { list } from '../text/words.ts';
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
        staticPodWords(standing) + meaningWords(standing.standing, standing.pod),
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

/** Those that serve all that is wanted are told in the wide form alone; why nothing is known of some, once for all of them. */
function servicesText({ services }: ControlPlanePicture, wide: boolean): string {
  const quiet = services.filter(({ standing }) => standing === 'serving' || standing === 'not-installed');
  const short = services.filter((service) => !quiet.includes(service) && service.standing !== 'unknown');
  const shown = wide ? services : short;
  const told = serviceDoubts(services).map(
    ({ why, of }) =>
      `Services that are not known (${list(
        of.map(({ service }) => service.title),
        3,
      )}): ${why}`,
  );
  const serving = quiet.filter(({ standing }) => standing === 'serving').length;
  if (shown.length === 0)
    return sentences(...told, ...(serving > 0 ? [`Services: all ${serving} that are installed serve.`] : []));
  const table = section(
    wide ? 'Services' : 'Services that fall short',
    titles('SERVICE', 'KIND', 'NAMESPACE', 'NAME', 'SERVING', 'STATE'),
    shown.map((service) => [
      service.service.title,
      service.service.kind,
      service.service.namespace,
      service.service.name,
      servingWords(service),
      service.standing + meaningWords(service.standing, service.service),
    ]),
  );
  return table + (told.length === 0 ? '' : `\n${sentences(...told)}`);
}

/** Each check by what each API server that answered says of it. */
function checksText({ apiServers }: ControlPlanePicture): string {
  const asked = apiServers.flatMap(({ node, address, health }) => {
    const value = valueOf(health);
    return value === null ? [] : [{ title: node ?? address, answers: { livez: value.live, readyz: value.ready } }];
  });
  const checks = new Set(
    asked.flatMap(({ answers: { livez, readyz } }) => [...livez.checks, ...readyz.checks]).map(({ name }) => name),
  );
  const said = ({ answers }: (typeof asked)[number], check: string): string => {
    const found = Object.entries(answers).flatMap(([page, { checks }]) =>
      checks.flatMap(({ name, ok }) => (name === check ? [{ page, ok }] : [])),
    );
    const failing = found.filter(({ ok }) => !ok).map(({ page }) => `fails ${page}`);
    return found.length === 0 ? '-' : failing.length === 0 ? 'ok' : failing.join(', ');
  };
  return section(
    'Checks of API servers',
    titles('CHECK', ...asked.map(({ title }) => title)),
    [...checks].map((check) => [check, ...asked.map((server) => said(server, check))]),
  );
}

/** Certificates that nobody shows, by name. */
function unreadText({ unread }: ControlPlanePicture): string {
  const value = valueOf(unread);
  if (value === null) return unknownSection('Certificates that nobody shows', whyNot(unread));
  return section(
    `Certificates that nobody shows, without their ends (${UNTIL_SALT})`,
    [{ title: 'LEFT', align: 'right' }, ...titles('WHAT', 'ON'), { title: 'NODES', align: 'right' }, ...titles('FILE')],
    value.map(({ what, role, nodes, file }) => [
      UNKNOWN,
      what,
      role === null ? 'all nodes' : `${role} nodes`,
      String(nodes),
      file ?? UNKNOWN,
    ]),
  );
}

/** Certificates, what ends first is first, and what is known of those that nobody shows. */
export const certificatesText = (sight: Pick<Sight, 'controlPlane'>, wide: boolean): string =>
  [shownText(sight, wide), unreadText(sight.controlPlane)].join('\n');

/** Certificates that are shown, and those of clients. */
function shownText({ controlPlane }: Pick<Sight, 'controlPlane'>, wide: boolean): string {
  const table = section(
    'Certificates',
    [
      { title: 'LEFT', align: 'right' },
      ...titles('UNTIL', 'WHAT', 'NODE', 'WHERE', ...(wide ? ['SOURCE', 'SUBJECT'] : []), 'STATE'),
    ],
    controlPlane.certificates.map((standing) => {
      const value = valueOf(standing.certificate);
      return [
        daysWords(standing, UNKNOWN),
        date(value?.until ?? null),
        standing.what,
        standing.node ?? '-',
        standing.where,
        ...(wide ? [standing.source, value?.subject ?? UNKNOWN] : []),
        certificateWords(standing).words,
      ];
    }),
  );
  const value = valueOf(controlPlane.clients);
  const where = value === null ? '' : `, by the metrics of ${value.where}`;
  return `${table}\n${sentences(`Client certificates of requests: ${clientWords(controlPlane.clients).words}${where}`)}`;
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
    ...(wide ? [checksText(controlPlane)] : []),
    leadersText(controlPlane),
    servicesText(controlPlane, wide),
    wide ? certificatesText({ controlPlane }, wide) : shownText({ controlPlane }, wide),
    backupText(controlPlane, wide),
  ].join('\n');
}
