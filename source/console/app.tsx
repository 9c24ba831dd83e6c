import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { Box, useApp, useInput, usePaste, useWindowSize } from 'ink';
import type { Session } from '../session/session.ts';
import { Frame, frameHeight, standing } from './frame/frame.tsx';
import { attentionOf, initialInterface, step, topView, type Action, type InterfaceState } from './interface-state.ts';
import { keyNames } from './keys/key-names.ts';
import type { Context } from './screen.ts';
import type { Steps } from '../model/headroom/steps.ts';
import type { NodeTable } from '../state/node-table.ts';
import { createGlances } from './glance.ts';
import { createColumns } from './screens/nodes/layout.ts';
import { createNodeList, type NodeList } from './screens/nodes/node-list.ts';
import { screenOf } from './screens/screens.ts';
import type { Scenes } from './scenes.ts';
import type { Theme } from './theme.ts';
import type { NodesView } from './view.ts';
import { textOf } from './widgets/line-editor.ts';
import { NO_REST, type Worked } from './work.ts';
import type { CarryOut } from './carry-out.ts';
import { Line } from './widgets/lines.tsx';
import type { Pulse } from './pulse.ts';

/** Smallest terminal on which the console can say anything. */
const SMALLEST = { columns: 30, rows: 8 };

/** Keys that work on a smaller one too: nothing may be done that is not seen. */
const BLIND_KEYS = ['ctrl-c', 'ctrl-z', 'ctrl-l'];

const NOT_DRAWN: Worked<NodeList> = { value: null, isUnderWay: false };

/** What only the running application can do with the terminal. */
export type TerminalControl = Pick<ReturnType<typeof useApp>, 'suspendTerminal'>;

export type AppProps = {
  readonly session: Session;
  readonly theme: Theme;
  /** When the picture changed, at most a few times a second, and the time that ages are told at. */
  readonly pulse: Pulse;
  /** Carries out what a screen asks for; answers come back through `answer`. */
  readonly carryOut: CarryOut;
  readonly scenes?: Scenes | null;
  readonly onReady?: (control: TerminalControl) => void;
};

/** The whole application: state and size in, one screen out. */
export function App({ session, theme, pulse, carryOut, scenes = null, onReady }: AppProps) {
  const { suspendTerminal } = useApp();
  const { columns, rows } = useWindowSize();
  useSyncExternalStore(pulse.subscribe, pulse.current);
  const lists = useMemo(() => createNodeList(), []);
  const columnsFor = useMemo(() => createColumns(), []);
  const glanceAt = useMemo(() => createGlances(session.store.state, pulse.work), [session, pulse]);
  const [shown, show] = useState<InterfaceState>(() => initialInterface(session.notices));
  const latest = useRef(shown);

  /**
   * For drawing, the list that was shown before stands until that of a new order or filter is there, so that the screen
   * answers a key at once. For acting, a key has to meet what it would meet if it had come later, if it looks at the list.
   */
  const contextFor = useCallback(
    (use: 'drawing' | 'acting', { views, notice }: InterfaceState): Context => {
      const beat = pulse.current();
      const glance = glanceAt(beat);
      const { nodes, work } = glance;
      const shown = { cluster: glance.cluster, now: beat.now, theme, width: columns };
      const view = views[0];
      const ground = [nodes, textOf(view.filter), view.sort, view.grouping];
      const listSteps = () => lists.steps(nodes, view);
      const drawn = use === 'drawing' ? work.ask('list', ground, listSteps, NO_REST) : NOT_DRAWN;
      return {
        ...glance,
        ...shown,
        get list() {
          return drawn.value ?? work.now('list', ground, listSteps);
        },
        isListOld: drawn.value !== null && drawn.isUnderWay,
        nodesView: view,
        columns: columnsFor(nodes.rows, columns),
        mayWrite: session.readOnly === null,
        readOnly: session.readOnly,
        scenes,
        height: Math.max(rows - frameHeight(shown, rows, standing(notice, glance.verdict)), 1),
      };
    },
    [session, scenes, lists, columnsFor, glanceAt, theme, columns, rows, pulse],
  );

  const tooSmall = columns < SMALLEST.columns || rows < SMALLEST.rows;

  // Keys that arrive together are applied in turn, each to what the one before left; the screen is drawn once.
  const act = useCallback(
    (actions: readonly Action[]) => {
      for (const action of actions) {
        if (tooSmall && (action.type === 'paste' || (action.type === 'key' && !BLIND_KEYS.includes(action.key))))
          continue;
        const stepped = step(latest.current, action, contextFor('acting', latest.current));
        latest.current = stepped.interface;
        for (const request of stepped.requests) carryOut(request, (answer) => actLater.current([answer]));
      }
      show(latest.current);
    },
    [carryOut, contextFor, tooSmall],
  );
  const actLater = useRef(act);
  useEffect(() => {
    actLater.current = act;
  }, [act]);

  useEffect(() => {
    function* listFor(nodes: NodeTable): Steps<void> {
      let view: NodesView;
      do {
        view = latest.current.views[0];
        yield* lists.steps(nodes, view);
      } while (view !== latest.current.views[0]);
    }
    return pulse.prepareBy(() => glanceAt.prepare(listFor));
  }, [pulse, glanceAt, lists]);

  const attention = attentionOf(shown);
  useEffect(() => {
    session.attend(attention);
    return () => session.attend('elsewhere');
  }, [session, attention]);

  useEffect(() => onReady?.({ suspendTerminal }), [onReady, suspendTerminal]);

  useInput((input, key) => act(keyNames(input, key).map((name) => ({ type: 'key', key: name }))));
  usePaste((text) => act([{ type: 'paste', text }]));

  const context = contextFor('drawing', shown);
  if (tooSmall) {
    return (
      <Box height={rows} width={columns} overflow="hidden">
        <Line text={`${SMALLEST.columns}x${SMALLEST.rows} at least`} />
      </Box>
    );
  }
  const view = topView(shown);
  const screen = screenOf(view);
  return (
    <Frame context={context} rows={rows} scope={screen.scope(view)} notice={standing(shown.notice, context.verdict)}>
      {screen.draw(view, context)}
    </Frame>
  );
}
