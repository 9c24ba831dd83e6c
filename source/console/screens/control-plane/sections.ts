import { valueOf, whyNot, type Reading } from '../../../model/reading.ts';
import { STATIC_PODS } from '../../../product/services.ts';
import {
  apiServerWords,
  backupWords,
  certificateWords,
  copyWords,
  daysWords,
  GRAVITY_OF,
  leaderGravity,
  leaderWords,
  restartsOf,
  servingWords,
  staticPodWords,
  type Gravity,
} from '../../../state/control-plane-words.ts';
import type { ControlPlaneNode, ControlPlanePicture, ServiceStanding } from '../../../state/control-plane.ts';
import { instant } from '../../../text/age.ts';
import { UNKNOWN } from '../../../text/amounts.ts';
import { latency } from '../../../text/latency.ts';
import { visible } from '../../../text/visible.ts';
import type { Context } from '../../screen.ts';
import { headingRow, sentences, type PageRow } from '../../widgets/page.tsx';
import { fitSpans, plain, styled, type Span } from '../../widgets/spans.ts';
import { gravitySpan, pieceRows } from './pieces.ts';

type Sheet = Pick<Context, 'width' | 'now'>;

const isStale = ({ state }: Reading<unknown>): boolean => state === 'stale';

/** Heads of the static pods where there is no room for their titles. */
const SHORT: Readonly<Record<string, string>> = {
  'kube-apiserver': 'API',
  'kube-scheduler': 'SCHED',
  'kube-controller-manager': 'CTRLMGR',
  etcd: 'ETCD',
  repositories: 'REGISTRY',
  'salt-master': 'SALT',
  'apiserver-proxy': 'PROXY',
};
/** From this width on there is room for their titles. */
const TITLED = 130;

/** A static pod of a node, with how often it was started again; `-` where the node's roles bring none. */
function podSpan({ pods }: ControlPlaneNode, component: string): Span {
  const standing = pods.find(({ pod }) => pod.component === component);
  if (standing === undefined) return styled('label', '-');
  const restarts = restartsOf(standing);
  const often = restarts === null || restarts === 0 ? '' : ` (${restarts})`;
  return gravitySpan(GRAVITY_OF[standing.standing], visible(staticPodWords(standing)) + often, isStale(standing.row));
}

/** Masters and what runs on them, a column a component. */
function nodeRows({ nodes }: ControlPlanePicture, { width }: Sheet): readonly PageRow[] {
  const heading = headingRow('Static pods', 'in brackets: started again so often');
  const known = valueOf(nodes);
  if (known === null) return [heading, ...sentences(visible(`not known: ${whyNot(nodes) ?? ''}.`), width, 'unknown')];
  if (known.length === 0) return [heading, ...sentences('no node has a role of the control plane.', width, 'unknown')];
  const components = STATIC_PODS.filter(({ component }) =>
    known.some(({ pods }) => pods.some(({ pod }) => pod.component === component)),
  );
  const columns = components.map(({ component, title }) => ({
    title: width < TITLED ? (SHORT[component] ?? title) : title.toUpperCase(),
  }));
  const rows = known.map((node) => [
    plain(visible(node.node)),
    ...components.map(({ component }) => podSpan(node, component)),
  ]);
  return [heading, ...pieceRows([{ title: 'NODE' }, ...columns], rows, width)];
}

function apiServerRows({ apiServers }: ControlPlanePicture, { width, now }: Sheet): readonly PageRow[] {
  const heading = headingRow('API servers', 'at their own addresses, by /livez and /readyz');
  if (apiServers.length === 0) return [heading, ...sentences('not asked yet.', width, 'unknown')];
  const rows = apiServers.map((server) => {
    const { health, node, address } = server;
    const value = valueOf(health);
    const { gravity, words } = apiServerWords(server, now);
    const took = (answer: 'live' | 'ready'): Span =>
      value === null
        ? styled('unknown', UNKNOWN)
        : gravitySpan('fine', latency(value[answer].milliseconds / 1_000), isStale(health));
    return [
      node === null ? styled('label', '-') : plain(visible(node)),
      plain(visible(address)),
      took('live'),
      took('ready'),
      gravitySpan(gravity, visible(words), isStale(health)),
    ];
  });
  const columns = [
    { title: 'NODE' },
    { title: 'ADDRESS' },
    { title: 'LIVEZ', align: 'right' },
    { title: 'READYZ', align: 'right' },
    { title: 'SAYS' },
  ] as const;
  return [heading, ...pieceRows(columns, rows, width)];
}

function leaderRows({ leaders }: ControlPlanePicture, { width }: Sheet): readonly PageRow[] {
  const rows = leaders.map((leader) => [
    plain(visible(leader.name)),
    gravitySpan(leaderGravity(leader), visible(leaderWords(leader)), isStale(leader.lease)),
  ]);
  const body =
    rows.length === 0
      ? sentences('not asked yet.', width, 'unknown')
      : pieceRows([{ title: 'COMPONENT' }, { title: 'LEADER' }], rows, width);
  return [headingRow('Leaders', 'by the Lease that they renew'), ...body];
}

const GRAVITIES: readonly Gravity[] = ['critical', 'warning', 'unknown', 'fine', 'told'];
const rankOf = ({ standing }: ServiceStanding): number => GRAVITIES.indexOf(GRAVITY_OF[standing]);

/** Cells of one service where several stand in a row. */
const SERVICE_WIDTH = 38;

/** The services, those that fall short first, as many beside each other as there is room for. */
function serviceRows({ services }: ControlPlanePicture, { width }: Sheet): readonly PageRow[] {
  const sorted = services.toSorted((one, other) => rankOf(one) - rankOf(other));
  const across = Math.max(Math.floor((width - 3) / SERVICE_WIDTH), 1);
  const cell = (standing: ServiceStanding): readonly Span[] => {
    const name = plain(visible(standing.service.title));
    const serving = gravitySpan(
      GRAVITY_OF[standing.standing],
      visible(servingWords(standing)),
      isStale(standing.workload),
    );
    const room = SERVICE_WIDTH - 2 - serving.text.length;
    return [
      ...fitSpans([name], Math.min(room - 1, 24)),
      plain(' '),
      ...fitSpans([serving], SERVICE_WIDTH - Math.min(room - 1, 24) - 1),
    ];
  };
  const depth = Math.ceil(sorted.length / across);
  const rows = Array.from({ length: depth }, (_, row): PageRow => [
    plain('   '),
    ...Array.from({ length: across }, (_, column) => sorted[column * depth + row]).flatMap((standing) =>
      standing === undefined ? [] : cell(standing),
    ),
  ]);
  const whys = new Set(services.map(({ workload }) => whyNot(workload)).filter((why) => why !== null));
  return [
    headingRow('Services', 'pods that serve, of those that are wanted'),
    ...rows,
    ...[...whys].flatMap((why) => sentences(visible(`not known: ${why}.`), width, 'unknown')),
  ];
}

function certificateRows({ certificates }: ControlPlanePicture, { width }: Sheet): readonly PageRow[] {
  const heading = headingRow(
    'Certificates',
    'those that can be read from here; the others on the nodes are known to Salt alone',
  );
  if (certificates.length === 0) return [heading, ...sentences('not asked yet.', width, 'unknown')];
  const rows = certificates.map((standing) => {
    const { what, where, node, certificate } = standing;
    const { gravity, words } = certificateWords(standing);
    const value = valueOf(certificate);
    return [
      gravitySpan(gravity, daysWords(standing, ''), isStale(certificate)),
      plain(value === null ? UNKNOWN : instant(value.until).slice(0, 10)),
      plain(visible(what)),
      plain(visible(node ?? where)),
      gravitySpan(gravity === 'fine' ? 'fine' : 'told', visible(words), isStale(certificate)),
    ];
  });
  const columns = [
    { title: 'LEFT', align: 'right' },
    { title: 'UNTIL' },
    { title: 'WHAT' },
    { title: 'WHERE' },
    { title: 'STATE' },
  ] as const;
  return [heading, ...pieceRows(columns, rows, width)];
}

function backupRows({ backup }: ControlPlanePicture, { width }: Sheet): readonly PageRow[] {
  const heading = headingRow('Backup', "the product's own, by the Jobs that copy it to the masters");
  const value = valueOf(backup);
  if (value === null) return [heading, ...sentences(visible(`not known: ${whyNot(backup) ?? ''}.`), width, 'unknown')];
  const { gravity, words } = backupWords(value);
  return [
    heading,
    [plain('   '), gravitySpan(gravity, visible(words), isStale(backup))],
    ...value.copies.map((copy): PageRow => [
      plain('   '),
      gravitySpan(copy.outcome === 'failed' ? 'critical' : 'told', visible(copyWords(copy)), isStale(backup)),
    ]),
  ];
}

const SECTIONS = [nodeRows, apiServerRows, leaderRows, certificateRows, backupRows, serviceRows] as const;

/** Everything that is known of the control plane but etcd, in sections. */
export const controlPlaneRows = (picture: ControlPlanePicture, sheet: Sheet): readonly PageRow[] =>
  SECTIONS.flatMap((section, index): readonly PageRow[] => [...(index === 0 ? [] : [[]]), ...section(picture, sheet)]);
