import type { Area } from '../../../checks/verdict/verdict.ts';
import { valueOf, whyNot, type Reading } from '../../../model/reading.ts';
import { STATIC_PODS } from '../../../product/services.ts';
import {
  apiServerWords,
  backupWords,
  certificateWords,
  clientWords,
  copyWords,
  daysWords,
  GRAVITY_OF,
  leaderGravity,
  leaderWords,
  meaningWords,
  restartsOf,
  serviceDoubts,
  servingWords,
  staticPodWords,
  UNTIL_SALT,
  type Gravity,
} from '../../../state/control-plane-words.ts';
import type { ControlPlaneNode, ControlPlanePicture, ServiceStanding } from '../../../state/control-plane.ts';
import { instant } from '../../../text/age.ts';
import { UNKNOWN } from '../../../text/amounts.ts';
import { latency } from '../../../text/latency.ts';
import { visible } from '../../../text/visible.ts';
import { cellWidth } from '../../../text/width.ts';
import type { Context } from '../../screen.ts';
import type { MarkedObject } from '../../view.ts';
import { headingRow, sentences, type PageRow } from '../../widgets/page.tsx';
import { fitSpans, plain, styled, type Span } from '../../widgets/spans.ts';
import { folded, gravitySpan, pieceRows, type PieceColumn } from './pieces.ts';

/** `marked` is the object that the operator was led to; null for none. */
type Sheet = Pick<Context, 'width' | 'now'> & { readonly marked: string | null };

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
/** From this width on there is room for why one is down. */
const ROOMY = 100;
/** From this width on there is room for their titles. */
const TITLED = 130;

/** A static pod of a node, with how often it was started again; `-` where the node's roles bring none. */
function podSpan({ pods }: ControlPlaneNode, component: string, isNarrow: boolean): Span {
  const standing = pods.find(({ pod }) => pod.component === component);
  if (standing === undefined) return styled('label', '-');
  const restarts = restartsOf(standing);
  const often = restarts === null || restarts === 0 ? '' : ` (${restarts})`;
  const words = isNarrow && standing.standing === 'down' ? 'down' : staticPodWords(standing);
  return gravitySpan(GRAVITY_OF[standing.standing], visible(words) + often, isStale(standing.row));
}

/** Masters and what runs on them, a column a component. */
function nodeRows({ nodes }: ControlPlanePicture, { width, marked }: Sheet): readonly PageRow[] {
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
  const rows = known.map((node) => ({
    about: node.node,
    cells: [plain(visible(node.node)), ...components.map(({ component }) => podSpan(node, component, width < ROOMY))],
  }));
  return [heading, ...pieceRows([{ title: 'NODE' }, ...columns], rows, { width, marked })];
}

function apiServerRows({ apiServers }: ControlPlanePicture, { width, now, marked }: Sheet): readonly PageRow[] {
  const heading = headingRow('API servers', 'at their own addresses, by /livez and /readyz');
  if (apiServers.length === 0) return [heading, ...sentences('not asked yet.', width, 'unknown')];
  const { isBelow, below } = folded(apiServers.map(({ address, health }) => ({ address, why: whyNot(health) })));
  const rows = apiServers.map((server, index) => {
    const { health, node, address } = server;
    const value = valueOf(health);
    const { gravity, words } = apiServerWords(server, now);
    const took = (answer: 'live' | 'ready'): Span =>
      value === null
        ? styled('unknown', UNKNOWN)
        : gravitySpan('fine', latency(value[answer].milliseconds / 1_000), isStale(health));
    const isFolded = gravity === 'unknown' && isBelow(index);
    return {
      about: address,
      cells: [
        node === null ? styled('label', '-') : plain(visible(node)),
        plain(visible(address)),
        took('live'),
        took('ready'),
        gravitySpan(gravity, isFolded ? 'see below' : visible(words), isStale(health)),
      ],
    };
  });
  const columns = [
    { title: 'NODE' },
    { title: 'ADDRESS' },
    { title: 'LIVEZ', align: 'right' },
    { title: 'READYZ', align: 'right' },
    { title: 'SAYS' },
  ] as const;
  return [
    heading,
    ...pieceRows(columns, rows, { width, marked }),
    ...below.flatMap((why) => sentences(visible(why), width, 'unknown')),
  ];
}

function leaderRows({ leaders }: ControlPlanePicture, { width, marked }: Sheet): readonly PageRow[] {
  const rows = leaders.map((leader) => ({
    about: leader.name,
    cells: [
      plain(visible(leader.name)),
      gravitySpan(leaderGravity(leader), visible(leaderWords(leader)), isStale(leader.lease)),
    ],
  }));
  const body =
    rows.length === 0
      ? sentences('not asked yet.', width, 'unknown')
      : pieceRows([{ title: 'COMPONENT' }, { title: 'LEADER' }], rows, { width, marked });
  return [headingRow('Leaders', 'by the Lease that they renew'), ...body];
}

const GRAVITIES: readonly Gravity[] = ['critical', 'warning', 'unknown', 'fine', 'told'];
const rankOf = ({ standing }: ServiceStanding): number => GRAVITIES.indexOf(GRAVITY_OF[standing]);

/** Cells of one of many where several stand in a row, and of its name. */
const CELL_WIDTH = 38;
const NAME_WIDTH = 24;

/** Something with a figure, among many of its kind. */
type Cell = { readonly about: string; readonly name: string; readonly figure: Span };

/** As many beside each other as there is room for, in columns from above. */
function cellRows(cells: readonly Cell[], { width, marked }: Sheet): readonly PageRow[] {
  const across = Math.max(Math.floor((width - 3) / CELL_WIDTH), 1);
  const depth = Math.ceil(cells.length / across);
  const drawn = ({ about, name, figure }: Cell): PageRow => {
    const room = Math.min(CELL_WIDTH - 3 - cellWidth(figure.text), NAME_WIDTH);
    const spans = [...fitSpans([plain(name)], room), plain(' '), ...fitSpans([figure], CELL_WIDTH - room - 1)];
    return about === marked ? [styled('selected', spans.map(({ text }) => text).join(''))] : spans;
  };
  return Array.from({ length: depth }, (_, row): PageRow => [
    plain('   '),
    ...Array.from({ length: across }, (_, column) => cells[column * depth + row]).flatMap((cell) =>
      cell === undefined ? [] : drawn(cell),
    ),
  ]);
}

/** The services, those that fall short first. */
function serviceRows({ services }: ControlPlanePicture, sheet: Sheet): readonly PageRow[] {
  const sorted = services.toSorted((one, other) => rankOf(one) - rankOf(other));
  const cells = sorted.map((standing): Cell => ({
    about: standing.service.name,
    name: visible(standing.service.title),
    figure: gravitySpan(GRAVITY_OF[standing.standing], visible(servingWords(standing)), isStale(standing.workload)),
  }));
  return [
    headingRow('Services', 'pods that serve, of those that are wanted'),
    ...cellRows(cells, sheet),
    ...sorted.flatMap(meaningRows(sheet.width)),
    ...serviceDoubts(services).flatMap(({ why }) => sentences(visible(`not known: ${why}.`), sheet.width, 'unknown')),
  ];
}

/** What it means that a service does not serve whole. */
const meaningRows =
  (width: number) =>
  ({ service, standing }: ServiceStanding): readonly PageRow[] => {
    const means = meaningWords(standing, service);
    if (means === '') return [];
    const gravity = GRAVITY_OF[standing];
    return sentences(visible(`${service.title}${means}.`), width, gravity === 'critical' ? 'critical' : 'warning');
  };

/** The checks that some API server fails, by how many of those that answer pass it, and the names of all others. */
function checkRows({ apiServers }: ControlPlanePicture, sheet: Sheet): readonly PageRow[] {
  const heading = headingRow('Checks', 'of /livez and /readyz: API servers that pass, of those that answer');
  const answers = apiServers.flatMap(({ health }) => valueOf(health) ?? []);
  if (answers.length === 0) return [heading, ...sentences('no API server has told them.', sheet.width, 'unknown')];
  const all = answers.map(({ live, ready }) => [...live.checks, ...ready.checks]);
  const counts = [...new Set(all.flat().map(({ name }) => name))].map((name) => {
    const asked = all.filter((checks) => checks.some((check) => check.name === name));
    const passed = asked.filter((checks) => checks.every((check) => check.name !== name || check.ok));
    return { name, passed: passed.length, of: asked.length };
  });
  const failing = counts.filter(({ passed, of }) => passed < of);
  const passing = counts.filter(({ passed, of }) => passed === of).map(({ name }) => visible(name));
  const cells = failing.map(({ name, passed, of }): Cell => ({
    about: '',
    name: visible(name.replace(/^poststarthook\//, '')),
    figure: gravitySpan('warning', `${passed}/${of}`),
  }));
  const wherever = failing.length === 0 ? 'all pass' : 'the others pass';
  return [
    heading,
    ...cellRows(cells, sheet),
    ...(passing.length === 0 ? [] : sentences(`${wherever}: ${passing.join(', ')}.`, sheet.width, 'label')),
  ];
}

function certificateRows(picture: ControlPlanePicture, { width, marked }: Sheet): readonly PageRow[] {
  const { certificates } = picture;
  const heading = headingRow(
    'Certificates',
    'those that can be read from here; the others on the nodes are known to Salt alone',
  );
  if (certificates.length === 0) return [heading, ...sentences('not asked yet.', width, 'unknown')];
  const { isBelow, below } = folded(
    certificates.map(({ where, certificate }) => ({ address: where, why: whyNot(certificate) })),
  );
  const isRoomy = width >= ROOMY;
  const rows = certificates.map((standing, index) => {
    const { what, where, node, certificate } = standing;
    const { gravity, words, short } = certificateWords(standing);
    const value = valueOf(certificate);
    const isFolded = gravity === 'unknown' && isBelow(index);
    const state = isFolded ? 'see below' : isRoomy ? words : short;
    return {
      about: where,
      cells: [
        gravitySpan(gravity, daysWords(standing, ''), isStale(certificate)),
        ...(isRoomy ? [value === null ? styled('unknown', UNKNOWN) : plain(instant(value.until).slice(0, 10))] : []),
        plain(visible(what)),
        plain(visible(node ?? where)),
        gravitySpan(gravity === 'fine' ? 'fine' : 'told', visible(state), isStale(certificate)),
      ],
    };
  });
  const columns: readonly PieceColumn[] = [
    { title: 'LEFT', align: 'right' },
    ...(isRoomy ? [{ title: 'UNTIL' }] : []),
    { title: 'WHAT' },
    { title: 'WHERE' },
    { title: 'STATE' },
  ];
  const alone = certificates.flatMap(({ certificate }, index) =>
    isRoomy || isBelow(index) ? [] : (whyNot(certificate) ?? []),
  );
  return [
    heading,
    ...pieceRows(columns, rows, { width, marked }),
    ...[...below, ...alone].flatMap((why) => sentences(visible(why), width, 'unknown')),
    ...requestRows(picture, width),
    ...unreadRows(picture, width),
  ];
}

/** The client certificates by which requests come. */
function requestRows({ clients }: ControlPlanePicture, width: number): readonly PageRow[] {
  const { gravity, words } = clientWords(clients);
  const style = gravity === 'fine' ? null : gravity === 'told' ? 'label' : gravity;
  return sentences(visible(`Client certificates of requests: ${words}.`), width, style);
}

/** Those of which nobody can say here when they end, by name. */
function unreadRows({ unread }: ControlPlanePicture, width: number): readonly PageRow[] {
  const names = valueOf(unread)?.map(({ what, nodes }) => (nodes === 1 ? what : `${what} (${nodes})`)) ?? [];
  if (names.length === 0) return [];
  return sentences(visible(`Not known when they end, ${UNTIL_SALT}: ${names.join(', ')}.`), width, 'label');
}

function backupRows({ backup }: ControlPlanePicture, { width, marked }: Sheet): readonly PageRow[] {
  const words = "the product's own, by the Jobs that copy it to the masters";
  const heading: PageRow =
    marked === 'backup' ? [styled('selected', `>Backup  ${words}`)] : headingRow('Backup', words);
  const value = valueOf(backup);
  if (value === null) return [heading, ...sentences(visible(`not known: ${whyNot(backup) ?? ''}.`), width, 'unknown')];
  const newest = backupWords(value);
  return [
    heading,
    [plain('   '), gravitySpan(newest.gravity, visible(newest.words), isStale(backup))],
    ...value.copies.map((copy): PageRow => [
      plain('   '),
      gravitySpan(copy.outcome === 'failed' ? 'critical' : 'told', visible(copyWords(copy)), isStale(backup)),
    ]),
  ];
}

/** Each part, with the area of the verdict that it is about. */
const SECTIONS: readonly (readonly [Area, (picture: ControlPlanePicture, sheet: Sheet) => readonly PageRow[]])[] = [
  ['control-plane', nodeRows],
  ['control-plane', apiServerRows],
  ['control-plane', leaderRows],
  ['certificates', certificateRows],
  ['backup', backupRows],
  ['control-plane', serviceRows],
  ['control-plane', checkRows],
];

/** Everything that is known of the control plane but etcd, in sections. */
export const controlPlaneRows = (
  picture: ControlPlanePicture,
  { width, now, marked }: Pick<Context, 'width' | 'now'> & { readonly marked: MarkedObject | null },
): readonly PageRow[] =>
  SECTIONS.flatMap(([area, section], index): readonly PageRow[] => [
    ...(index === 0 ? [] : [[]]),
    ...section(picture, { width, now, marked: marked?.area === area ? marked.object : null }),
  ]);
