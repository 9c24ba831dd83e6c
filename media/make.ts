// Makes the pictures of this folder: the built console in a real pty on the sandbox, driven by keys.
// `npm run media` writes SVG; `npm run media -- --png FOLDER` writes PNG there as well, to look at. Names of pictures
// behind it make these alone.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startSandbox, type SceneName, type World } from '../source/sandbox/sandbox.ts';
import { openPty } from '../test/terminal/pty.ts';
import { KEYS } from '../test/terminal/screen.ts';
import { svgOf, type Palette } from './svg.ts';

type Picture = {
  readonly name: string;
  /** A scene of the sandbox; standard with some trouble when not given. */
  readonly scene?: SceneName;
  readonly columns: number;
  readonly rows: number;
  readonly palette?: Palette;
  readonly environment?: Readonly<Record<string, string>>;
  /** Keys, each with a text that shows that the screen has followed. */
  readonly keys: readonly (readonly [key: string, shows: string])[];
  /** What happens after them on a site of its own, and a text that shows that it was seen. */
  readonly then?: readonly [happens: (world: World) => void, shows: string];
};

/** What the verdict says of an area that was not asked about yet, or looked at once only. */
const UNSETTLED = /\? (control plane|etcd|nodes|certificates|backup)/;

const open = [KEYS.enter, 'Conditions'] as const;
const PICTURES: readonly Picture[] = [
  { name: 'nodes', columns: 120, rows: 36, keys: [] },
  { name: 'nodes-wide', columns: 200, rows: 30, keys: [] },
  { name: 'nodes-80x24', columns: 80, rows: 24, keys: [] },
  { name: 'nodes-light', columns: 120, rows: 30, palette: 'light', keys: [] },
  { name: 'nodes-no-color', columns: 120, rows: 30, environment: { NO_COLOR: '1' }, keys: [] },
  { name: 'filter', columns: 100, rows: 24, keys: [['/infra', 'filter: infra']] },
  { name: 'node', columns: 120, rows: 40, keys: [open] },
  { name: 'node-pods', columns: 120, rows: 30, keys: [open, [KEYS.tab, 'CPU REQ']] },
  { name: 'node-labels', columns: 120, rows: 40, keys: [open, [KEYS.shiftTab, 'Annotations']] },
  {
    name: 'taints',
    columns: 100,
    rows: 24,
    keys: [
      ['t', 'Taints of'],
      ['a', 'also give it'],
    ],
  },
  {
    name: 'untaint',
    columns: 100,
    rows: 30,
    keys: [
      ['t', 'Taints of'],
      ['a', '[x]'],
      [KEYS.enter, 'The same with kubectl'],
    ],
  },
  {
    name: 'groups',
    columns: 120,
    rows: 30,
    keys: [
      ['b', 'Group the nodes by'],
      [`jj${KEYS.enter}`, 'by plane'],
    ],
  },
  { name: 'headroom', columns: 120, rows: 40, scene: 'node-undersized', keys: [['h', 'By role']] },
  {
    name: 'loss',
    columns: 120,
    rows: 36,
    scene: 'standard',
    keys: [
      ['jjj', '> par1-worker-1'],
      ['x', 'An estimate'],
    ],
  },
  { name: 'pending', columns: 120, rows: 30, scene: 'extended', keys: [['p', 'pending pods']] },
  {
    name: 'fits',
    columns: 100,
    rows: 24,
    scene: 'standard',
    keys: [
      ['f', 'cpu='],
      ['cpu=3,memory=20Gi,replicas=4', 'replicas=4'],
    ],
  },
  {
    name: 'roles',
    columns: 100,
    rows: 30,
    scene: 'standard',
    keys: [
      ['G', '> par1-worker-3'],
      ['o', 'Roles of'],
      ['jj ', '[x] infra'],
      ['j ', '[x] taint infra'],
    ],
  },
  { name: 'help', columns: 100, rows: 45, keys: [['?', 'Keys of']] },
  {
    name: 'etcd',
    scene: 'standard',
    columns: 120,
    rows: 36,
    keys: [
      ['e', 'CAN LOSE 1'],
      ['', 'highest'],
    ],
  },
  {
    name: 'control-plane',
    scene: 'standard',
    columns: 120,
    rows: 50,
    keys: [
      ['', 'certificates 3'],
      ['C', 'live and ready'],
      ['', ' leads, renewed'],
    ],
  },
  {
    name: 'etcd-member-down',
    scene: 'standard',
    columns: 120,
    rows: 36,
    keys: [
      ['e', 'CAN LOSE 1'],
      ['', 'highest'],
    ],
    then: [({ etcd }) => etcd.stop('par1-control-2'), 'X no answer'],
  },
  {
    name: 'etcd-nospace',
    scene: 'etcd-nospace',
    columns: 120,
    rows: 36,
    keys: [
      ['', 'alarm NOSPACE'],
      ['!', 'ALARMS'],
    ],
  },
];

const png = process.argv.indexOf('--png');
const pngFolder = png === -1 ? null : (process.argv[png + 1] ?? '.');
const named = process.argv.slice(2).filter((_, index) => png === -1 || (index + 2 !== png && index + 1 !== png));
const wanted = named.length === 0 ? PICTURES : PICTURES.filter(({ name }) => named.includes(name));

const folder = mkdtempSync(join(tmpdir(), 'media-'));
try {
  for (const pictures of Map.groupBy(wanted, siteOf).values()) await makeAll(pictures);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What tells one site from another: pictures of the same scene share theirs, unless something happens on it. */
function siteOf(picture: Picture): unknown {
  return picture.then === undefined ? picture.scene : picture;
}

/** The pictures of one site, on a sandbox of their own. */
async function makeAll(pictures: readonly Picture[]): Promise<void> {
  const scene = pictures[0]?.scene;
  const sandbox = await startSandbox(scene === undefined ? {} : { scene });
  try {
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 });
    if (scene === undefined) trouble(sandbox.world);
    for (const picture of pictures) await make(picture, kubeconfig, sandbox.world);
  } finally {
    await sandbox.stop();
  }
}

/** Something to see besides health: one machine is cordoned, another has fallen silent. */
function trouble(world: World): void {
  const { nodes } = world;
  const workers = [...nodes.values()].map((node) => node.metadata.name).filter((name) => name.includes('worker'));
  const [, cordoned, silent] = workers;
  if (cordoned !== undefined)
    nodes.update(cordoned, (node) => ({ ...node, spec: { ...node.spec, unschedulable: true } }));
  if (silent !== undefined) {
    world.silence(silent);
    nodes.update(silent, (node) => ({
      ...node,
      status: {
        ...node.status,
        conditions: (node.status.conditions ?? []).map((condition) =>
          condition.type === 'Ready'
            ? {
                ...condition,
                status: 'Unknown',
                reason: 'NodeStatusUnknown',
                message: 'Kubelet stopped posting node status.',
                lastTransitionTime: new Date(Date.now() - 252_000).toISOString().replace(/\.\d+Z$/, 'Z'),
              }
            : condition,
        ),
      },
    }));
  }
}

/** Resolves when nothing was drawn for a moment: a frame may arrive in pieces. */
async function settled(program: { bytes: () => number }): Promise<void> {
  for (let before = -1; before !== program.bytes();) {
    before = program.bytes();
    await setTimeout(300);
  }
}

async function make(picture: Picture, kubeconfig: string, world: World) {
  const { name, columns, rows, palette = 'dark', environment = {}, keys, then } = picture;
  const program = openPty(['--kubeconfig', kubeconfig], {
    columns,
    rows,
    environment: { HOME: folder, XDG_STATE_HOME: folder, ...environment },
  });
  await program.untilText('pods live');
  await program.untilText('events live');
  await program.until((rows) => !rows.some((row) => UNSETTLED.test(row)), 'everything to be known');
  for (const [key, shows] of keys) {
    program.press(key);
    await program.untilText(shows);
  }
  if (then !== undefined) {
    const [happens, shows] = then;
    happens(world);
    await program.untilText(shows);
  }
  await settled(program);
  const svg = svgOf(program, columns, rows, palette);
  writeFileSync(join(import.meta.dirname, `${name}.svg`), svg);
  if (pngFolder !== null) {
    const { Resvg } = await import('@resvg/resvg-js');
    writeFileSync(join(pngFolder, `${name}.png`), new Resvg(svg, { font: { loadSystemFonts: true } }).render().asPng());
  }
  program.kill('SIGTERM');
  await program.exited;
  process.stdout.write(`${name}.svg\n`);
}
