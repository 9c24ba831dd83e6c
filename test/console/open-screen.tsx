import { render } from 'ink';
import { onTestFinished } from 'vitest';
import type { ClusterEvent } from '../../source/model/cluster-event.ts';
import { createStore } from '../../source/state/store.ts';
import { App } from '../../source/console/app.tsx';
import { createPulse } from '../../source/console/pulse.ts';
import type { Scenes } from '../../source/console/scenes.ts';
import { createTheme } from '../../source/console/theme.ts';
import { carrier } from '../../source/console/carry-out.ts';
import { createEmulator } from './emulator.ts';
import { clusterEvents, NOON } from './made-cluster.ts';
import { madeSession, type MadeSessionOptions } from './made-session.ts';

type Options = MadeSessionOptions & {
  readonly columns?: number;
  readonly rows?: number;
  /** Columns and rows that the terminal has and does not say. */
  readonly margin?: number;
  readonly events?: readonly ClusterEvent[];
  readonly colour?: boolean;
  /** Those of a demo when not given; null without one. */
  readonly scenes?: Scenes | null;
};

const SCENES = {
  current: 'standard',
  all: [
    { name: 'standard', told: 'all is well' },
    { name: 'etcd-member-down', told: 'a member of etcd is down' },
  ],
};

/** The application on a terminal in memory, over a picture made by hand; plans are real, the cluster behind them is not. */
export function openScreen(options: Options = {}) {
  const { columns = 120, rows = 36, events = clusterEvents(), colour = true } = options;
  const emulator = createEmulator(columns, rows, options.margin);
  const store = createStore(events);
  const { session, applied, attended } = madeSession(store, options);
  const requests: string[] = [];
  const pulse = createPulse(store, { now: () => NOON, elapsed: () => NOON, setTimeout, clearTimeout });
  const carryOut = carrier(session, (request) => requests.push(request.type));
  const instance = render(
    <App
      session={session}
      theme={createTheme({ colour, unicode: true })}
      pulse={pulse}
      carryOut={carryOut}
      scenes={options.scenes === undefined ? SCENES : options.scenes}
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
  onTestFinished(() => {
    pulse.stop();
    instance.unmount();
  });
  return { ...emulator, store, applied, attended, requests };
}
