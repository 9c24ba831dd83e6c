import { render } from 'ink';
import { onTestFinished } from 'vitest';
import type { ClusterEvent } from '../../source/model/cluster-event.ts';
import { planEdit } from '../../source/operations/plan.ts';
import type { Plan, StepProgress, StepResult } from '../../source/operations/operation.ts';
import type { Session } from '../../source/session/session.ts';
import { createStore } from '../../source/state/store.ts';
import { App } from '../../source/console/app.tsx';
import { createPulse } from '../../source/console/pulse.ts';
import { createTheme } from '../../source/console/theme.ts';
import { carrier } from '../../source/console/carry-out.ts';
import { createEmulator } from './emulator.ts';
import { clusterEvents, NOON } from './made-cluster.ts';

type Options = {
  readonly columns?: number;
  readonly rows?: number;
  /** Columns and rows that the terminal has and does not say. */
  readonly margin?: number;
  readonly events?: readonly ClusterEvent[];
  readonly readOnly?: string | null;
  readonly colour?: boolean;
  readonly notices?: readonly string[];
  /** How an apply ends; done on every node when not given. */
  readonly results?: (plan: Plan) => readonly StepResult[];
};

/** The application on a terminal in memory, over a picture made by hand; plans are real, the cluster behind them is not. */
export function openScreen(options: Options = {}) {
  const { columns = 120, rows = 36, events = clusterEvents(), readOnly = null, colour = true } = options;
  const emulator = createEmulator(columns, rows, options.margin);
  const store = createStore(events);
  const applied: Plan[] = [];
  const requests: string[] = [];
  const session: Session = {
    store,
    now: () => NOON,
    readOnly,
    notices: options.notices ?? [],
    plan: async (nodes, edit) => {
      const plan = await Promise.resolve(planEdit({ state: store.state, id: 'plan-1', readOnly }, nodes, edit));
      return { ...plan, steps: plan.steps.map((step) => ({ ...step, dryRun: { state: 'accepted' } as const })) };
    },
    planUndo: () => Promise.reject(new Error('There is nothing to undo: no operation has been done yet.')),
    apply: (plan, onProgress?: (progress: StepProgress) => void) => {
      applied.push(plan);
      const results =
        options.results?.(plan) ?? plan.steps.map(({ node }) => ({ node, state: 'done' as const, why: null }));
      for (const result of results) onProgress?.({ node: result.node, state: 'ended', result });
      return Promise.resolve(results);
    },
    journal: () => [],
    close: () => Promise.resolve(),
  };
  const pulse = createPulse(store, { now: () => NOON, setTimeout, clearTimeout });
  const carryOut = carrier(session, (request) => requests.push(request.type));
  const instance = render(
    <App session={session} theme={createTheme({ colour, unicode: true })} pulse={pulse} carryOut={carryOut} />,
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
  return { ...emulator, store, applied, requests };
}
