import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { COMMANDS } from '../../source/commands/commands.ts';
import { KEY_TABLE, keysOf } from '../../source/console/keys/key-table.ts';
import type { Scope } from '../../source/console/keys/scopes.ts';
import { createWriter } from '../../source/links/kubernetes/writer.ts';
import { runProgram } from '../commands/program.ts';
import { KEYS } from './emulator.ts';
import { onlyLooks } from './looks.ts';
import { sentBy } from './sent-by.ts';
import { openLiveSession, showSession, startSite, type LiveScreen, type Site } from './faults/live-screen.tsx';

vi.mock(import('../../source/links/kubernetes/writer.ts'), async (original) => {
  const writer = await original();
  return { ...writer, createWriter: vi.fn(writer.createWriter) };
});

const PRINTABLE = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index));
const ALL_KEYS = [...new Set([...KEY_TABLE.flatMap(({ keys }) => keys.map(sentBy)), ...PRINTABLE])];

/** Keys that do something in a scope when all may be written, and those that do nothing or, where one types, are text. */
function keysIn(scope: Scope): { readonly live: readonly string[]; readonly dead: readonly string[] } {
  const names = keysOf(scope, true).flatMap(({ keys }) => keys);
  const live = new Set(
    names.flatMap((name) => (name.length === 2 ? [name, name.charAt(0), name.charAt(1)] : [sentBy(name)])),
  );
  return { live: [...live], dead: ALL_KEYS.filter((key) => !live.has(key)) };
}

/** Escape in the form that needs no waiting for what may follow it (the keyboard protocol of kitty). */
const ESCAPE = '\u001b[27u';
/** Back to the list of nodes from wherever one is, its filter cleared. */
const HOME = ESCAPE.repeat(4);

/** Every screen that can be reached, by keys from the list of nodes, and what is on it alone. */
const SCREENS = [
  { name: 'the list of nodes', scope: 'nodes', path: '', shows: 'sorted by' },
  { name: 'the filter', scope: 'filter', path: '/', shows: ' filter: ' },
  { name: 'the choice of an order', scope: 'sort', path: 's', shows: 'Sort the nodes by' },
  { name: 'the page of a node', scope: 'node', path: '\r', shows: 'Resources' },
  { name: 'its pods', scope: 'node', path: '\r\t', shows: 'CPU REQ' },
  { name: 'its events', scope: 'node', path: '\r\t\t', shows: 'LAST SEEN' },
  { name: 'its labels', scope: 'node', path: '\r\t\t\t', shows: 'Annotations' },
  { name: 'the members of etcd', scope: 'etcd', path: 'e', shows: 'DB SIZE' },
  { name: 'the page of a member', scope: 'etcd-member', path: 'e\r', shows: 'backend commit' },
  { name: 'the control plane', scope: 'control-plane', path: 'C', shows: 'Static pods' },
  { name: 'the help of the list', scope: 'help', path: '?', shows: 'Keys of the list of nodes' },
  { name: 'the help of the page', scope: 'help', path: '\r?', shows: 'Keys of the page of a node' },
  { name: 'the help of the order', scope: 'help', path: 's?', shows: 'Keys of the choice of an order' },
] as const;

const NODE = 'par1-bootstrap';
const NO_RIGHT = 'Nothing can be written: user "reader" has no right to patch nodes.';
const NO_EXEC = 'This user has no right to get pods/exec in kube-system';
const UNASKED = 'The members of etcd cannot be asked: Cannot list the members of etcd on par1-bootstrap';
const READ_ONLY = 'Nothing can be written: this session is read-only (--read-only).';
const REFUSED = 'Nothing was changed: the plan is refused.\n';

let site: Site;
const ends: (() => void | Promise<void>)[] = [];
const cli = (line: string) =>
  runProgram(line.split(' '), { environment: { KUBECONFIG: site.file, XDG_STATE_HOME: site.folder } });

/** Requests that are no reads; each is refused as well, so that nothing can come of it. */
const forbidden: string[] = [];

beforeAll(async () => {
  // Leases go on being renewed: a verdict goes by them.
  site = await startSite((end) => ends.push(end), { heartbeats: true });
  expect((await cli(`label ${NODE} rack=b2 --yes`)).code).toBe(0);
  site.box.faults.every((request) => {
    if (onlyLooks(request)) return undefined;
    forbidden.push(`${request.method} ${request.path}`);
    return { status: 418, body: 'a read-only session wrote' };
  });
});
beforeEach(() => {
  vi.mocked(createWriter).mockClear();
  forbidden.length = 0;
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

function expectNothingWritten() {
  expect(forbidden).toEqual([]);
  expect(createWriter).not.toHaveBeenCalled();
}

const pressedAndDrawn = async (screen: LiveScreen, keys: string) => {
  screen.press(keys);
  await new Promise((resolve) => setImmediate(resolve));
};

const SESSIONS = [
  { who: 'an admin with --read-only', user: 'admin', readOnly: true },
  { who: 'a user who may not patch nodes', user: 'reader', readOnly: false },
] as const;

describe.each(SESSIONS)('every key on every screen, for $who', ({ user, readOnly }) => {
  test('sends nothing but reads, and makes no writer', { timeout: 120_000 }, async ({ onTestFinished }) => {
    site.write(site.box.kubeconfig(user));
    const live = await openLiveSession(onTestFinished, site, { readOnly });
    const screen = showSession(onTestFinished, live);
    await screen.untilText('= READ-ONLY');
    await screen.untilTrue(site.box);
    for (const { path, scope, shows } of SCREENS) {
      const { live, dead } = keysIn(scope);
      screen.press(HOME + path);
      await screen.untilText(shows);
      await pressedAndDrawn(screen, dead.join(''));
      await screen.untilText(shows);
      for (const key of live) await pressedAndDrawn(screen, HOME + path + key);
    }
    screen.press(`${HOME}gg`);
    await screen.untilTrue(site.box);
    expectNothingWritten();
    expect(new Set(screen.terminal)).toEqual(new Set(['quit', 'suspend', 'redraw']));
  });
});

test('a right that turns out to be missing while a form is open stops what the form would send', async ({
  onTestFinished,
}) => {
  site.write(site.box.kubeconfig('reader'));
  const untold = site.box.faults.every(({ path }) =>
    path.includes('selfsubjectaccessreviews') ? { status: 503 } : undefined,
  );
  const screen = showSession(onTestFinished, await openLiveSession(onTestFinished, site));
  await screen.untilTrue(site.box);
  screen.press('t');
  await screen.untilText(`Taints of ${NODE}`);
  untold();
  site.box.dropConnections();
  await screen.untilText('= READ-ONLY');
  screen.press('a\r');
  await screen.until(() => screen.text().includes(NO_RIGHT), NO_RIGHT);
  const elsewhere = ['q', '?'];
  for (const key of ALL_KEYS) if (!elsewhere.includes(key) && key !== KEYS.escape) await pressedAndDrawn(screen, key);
  expect(screen.text()).toContain(NO_RIGHT);
  screen.press(HOME);
  await screen.untilText('sorted by');
  expectNothingWritten();
});

/** What a command line comes to that may not write. */
type Line = {
  readonly line: string;
  /** Exit codes of an admin with --read-only, and of a user who may look at everything but etcd. */
  readonly codes: readonly [readOnly: number, reader: number];
  readonly says?: string;
  readonly aside?: string;
  /** How the sentence begins by which it is refused. */
  readonly refused?: readonly [readOnly: string, reader: string];
};

const edit = (line: string): Line => ({ line, codes: [1, 3], refused: [READ_ONLY, NO_RIGHT] });
const onEtcd = (line: string): Line => ({ line, codes: [1, 3], refused: [READ_ONLY, UNASKED] });
const onSalt = (line: string): Line => ({ line, codes: [1, 3], refused: [READ_ONLY, NO_EXEC] });

/** A line for each command that asks a cluster; the rest of the commands stand in APART. */
const LINES: Readonly<Record<string, Line>> = {
  nodes: { line: 'nodes', codes: [0, 0] },
  node: { line: `node ${NODE}`, codes: [0, 0] },
  headroom: { line: 'headroom', codes: [0, 0], says: 'If par1-worker-' },
  health: { line: 'health', codes: [0, 3], says: 'healthy\n' },
  etcd: { line: 'etcd', codes: [0, 3], says: 'CAN LOSE 1' },
  'etcd defragment': onEtcd(`etcd defragment ${NODE} --yes`),
  'etcd disarm': onEtcd('etcd disarm --yes'),
  'etcd move-leader': onEtcd('etcd move-leader --yes'),
  backup: onSalt('backup --yes'),
  'control-plane': { line: 'control-plane', codes: [0, 0], says: 'kube-scheduler' },
  certificates: { line: 'certificates', codes: [0, 0], says: 'client of the kubeconfig' },
  pending: { line: 'pending', codes: [0, 0], says: '', aside: 'No pod waits for a node.\n' },
  label: edit(`label ${NODE} rack=b3 --yes`),
  taint: edit(`taint ${NODE} disk=slow:NoSchedule --yes`),
  role: edit(`role ${NODE} +infra --yes`),
  cordon: edit(`cordon ${NODE} --yes`),
  uncordon: edit('uncordon --all --yes'),
  undo: edit('undo --yes'),
  journal: { line: 'journal', codes: [0, 0] },
};
const APART = ['sandbox'];

describe('every command', () => {
  test('has a line here', () =>
    expect([...Object.keys(LINES), ...APART].sort()).toEqual(COMMANDS.map(({ name }) => name).sort()));

  test.each(Object.values(LINES))(
    '$line --read-only sends nothing but reads',
    async ({ line, codes, says = NODE, aside = '', refused }) => {
      site.write(site.box.kubeconfig());
      const { code, stdout, stderr } = await cli(`${line} --read-only`);
      expect({ code, stderr }).toEqual({ code: codes[0], stderr: refused === undefined ? aside : REFUSED });
      expect(stdout).toContain(refused === undefined ? says : `Refused: ${refused[0]}`);
      expectNothingWritten();
    },
  );

  test.each(Object.values(LINES))(
    '$line of a user who may not patch nodes sends nothing but reads',
    async ({ line, codes, aside = '', refused }) => {
      site.write(site.box.kubeconfig('reader'));
      const { code, stdout, stderr } = await cli(line);
      expect({ code, stderr }).toEqual({ code: codes[1], stderr: refused === undefined ? aside : REFUSED });
      if (refused !== undefined) expect(stdout).toContain(`Refused: ${refused[1]}`);
      expectNothingWritten();
    },
  );
});
