import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { render } from 'ink';
import { App } from '../../../source/console/app.tsx';
import { carrier } from '../../../source/console/carry-out.ts';
import { createPulse } from '../../../source/console/pulse.ts';
import { createTheme } from '../../../source/console/theme.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../source/sandbox/sandbox.ts';
import { openSession } from '../../../source/session/open-session.ts';
import type { SessionOptions } from '../../../source/session/options.ts';
import { createEmulator } from '../emulator.ts';
import { onlyLooks } from '../looks.ts';
import { skippingClock } from './skipping-clock.ts';

/** Called with what is to be done when the test ends, last first; tests of a file may run at the same time. */
export type AtEnd = (work: () => void | Promise<void>) => void;

/** A cluster in a box that changes by the test alone, and a kubeconfig that can be rewritten while it is used. */
export async function startSite(atEnd: AtEnd, options: SandboxOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'console-faults-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const box = await startSandbox({ heartbeats: false, churn: false, ...options });
  atEnd(() => box.stop());
  const file = join(folder, 'kubeconfig');
  const write = (text: string) => writeFileSync(file, text, { mode: 0o600 });
  write(box.kubeconfig());
  return { box, folder, file, write };
}

export type Site = Awaited<ReturnType<typeof startSite>>;

/** A session as the program opens it, on a clock that can be skipped; its first waits are the shortest there are. */
export async function openLiveSession(atEnd: AtEnd, { file, folder }: Site, given: Partial<SessionOptions> = {}) {
  const clock = skippingClock();
  const session = await openSession({
    kubeconfig: file,
    environment: {},
    version: '0.0.0',
    stateFolder: join(folder, 'state'),
    localDoors: [],
    patience: { bound: 2_000, pause: 20 },
    clock,
    onThisThread: true,
    random: () => 0,
    ...given,
  });
  atEnd(() => session.close());
  return { session, clock };
}

export type LiveSession = Awaited<ReturnType<typeof openLiveSession>>;

/** The application over a live session, on a terminal in memory. What only a terminal can do is written down. */
export function showSession(
  atEnd: AtEnd,
  { session, clock }: LiveSession,
  { columns = 80, rows = 24 }: { readonly columns?: number; readonly rows?: number } = {},
) {
  const emulator = createEmulator(columns, rows);
  const pulse = createPulse(session.store, clock.timers);
  const terminal: string[] = [];
  const instance = render(
    <App
      session={session}
      theme={createTheme({ colour: true, unicode: true })}
      pulse={pulse}
      carryOut={carrier(session, ({ type }) => terminal.push(type))}
    />,
    {
      stdin: emulator.stdin,
      stdout: emulator.stdout,
      stderr: emulator.stdout,
      interactive: true,
      alternateScreen: true,
      incrementalRendering: true,
      maxFps: 1000,
      patchConsole: false,
      exitOnCtrlC: false,
    },
  );
  atEnd(() => {
    pulse.stop();
    instance.unmount();
  });
  return {
    ...emulator,
    terminal,
    /** The whole screen as one text, rows joined as the words of a sentence are. */
    text: () =>
      emulator
        .screen()
        .map((row) => row.trim())
        .join(' ')
        .replace(/ +/g, ' '),
    /** Resolves once everything is live on the screen and each row is what the world says. */
    untilTrue: (box: Sandbox) => emulator.until((screen) => untrue(screen, box) === null, 'the world on the screen'),
  };
}

export type LiveScreen = ReturnType<typeof showSession>;

/** Opens a session on a site and shows it. */
export async function openLive(
  atEnd: AtEnd,
  site: Site,
  given: Partial<SessionOptions> & { readonly columns?: number; readonly rows?: number } = {},
) {
  const { columns = 80, rows = 24, ...options } = given;
  const live = await openLiveSession(atEnd, site, options);
  return { ...live, screen: showSession(atEnd, live, { columns, rows }) };
}

const FINISHED: readonly unknown[] = ['Succeeded', 'Failed'];

/** What is not as in the world on a screen that shows the nodes, or null. */
export function untrue(screen: readonly string[], { world }: Sandbox): string | null {
  if (!/ live +\d\d:\d\d$/.test(screen[0] ?? '')) return 'the picture is not live';
  if (!screen.some((row) => row.trimEnd() === ' source  nodes live   pods live   events live   usage live'))
    return 'a source is not live';
  const bound = [...world.pods.values()].filter(({ status }) => !FINISHED.includes(status.phase));
  for (const node of world.nodes.values()) {
    const { name } = node.metadata;
    const row = screen.find((text) => text.slice(2).startsWith(`${name} `));
    if (row === undefined) return `${name} is not there`;
    const pods = bound.filter(({ spec }) => spec.nodeName === name).length;
    if (!row.includes(` ${pods}/`)) return `${name} has ${pods} pods`;
    if (row.includes('Cordoned') !== (node.spec.unschedulable === true)) return `${name} is not cordoned as it should`;
  }
  return null;
}

export const nodesOf = ({ world }: Sandbox) => [...world.nodes.values()].map(({ metadata }) => metadata.name);

/** Cordons a node and deletes a pod of another, past the console. */
export function changeWorld({ world }: Sandbox, name: string) {
  world.nodes.update(name, (node) => ({ ...node, spec: { ...node.spec, unschedulable: true } }));
  const pod = [...world.pods.values()].find(({ spec }) => spec.nodeName !== name && spec.nodeName !== undefined);
  if (pod !== undefined) world.pods.remove(`${pod.metadata.namespace ?? ''}/${pod.metadata.name}`);
}

/** Requests from now on that do not only look, dry runs among them. */
export function writesTo({ requests }: Sandbox): () => readonly string[] {
  const before = new Set(requests);
  return () =>
    requests
      .filter((request) => !before.has(request) && !onlyLooks(request))
      .map(({ method, path }) => `${method} ${path}`);
}
