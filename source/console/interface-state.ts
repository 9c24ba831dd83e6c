import type { Plan, StepProgress, StepResult } from '../operations/operation.ts';
import { stepKey, stepTitle } from '../operations/step-told.ts';
import type { Attention } from '../session/session.ts';
import { meaningOf } from './keys/chords.ts';
import type { Scope } from './keys/scopes.ts';
import { nextProblem } from './problems.ts';
import { TEXT_SCOPES, type Context, type Outcome } from './screen.ts';
import { screenOf } from './screens/screens.ts';
import { firstView, type NodesView, type Notice, type PlanView, type Request, type View } from './view.ts';

/** What the operator sees and has begun to type; the cluster is not in it. */
export type InterfaceState = {
  /** The list of nodes, and what was opened on it; the last one is on top. */
  readonly views: readonly [NodesView, ...View[]];
  /** First half of a two-key command. */
  readonly pending: string;
  /** The last ticket given to a plan. */
  readonly ticket: number;
  readonly notice: Notice | null;
};

export const initialInterface = (notices: readonly string[]): InterfaceState => ({
  views: [firstView],
  pending: '',
  ticket: 0,
  notice: notices.length === 0 ? null : { severity: 'warning', sentence: notices.join(' ') },
});

export const topView = ({ views }: InterfaceState): View => views.at(-1) ?? views[0];

/** What covers a screen for a while; what the operator looks at is what is below. */
const COVERS: readonly View['name'][] = ['help', 'plan'];

/** What the operator looks at, so that it is asked for more often. */
export function attentionOf({ views }: InterfaceState): Attention {
  const view = views.findLast(({ name }) => !COVERS.includes(name)) ?? views[0];
  return screenOf(view).attention ?? 'elsewhere';
}

/** What happens to the interface: keys of the operator, and answers to what a screen asked for. */
export type Action =
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'paste'; readonly text: string }
  | { readonly type: 'planned'; readonly ticket: number; readonly plan: Plan }
  | { readonly type: 'not-planned'; readonly ticket: number; readonly sentence: string }
  | { readonly type: 'progress'; readonly ticket: number; readonly progress: StepProgress }
  | { readonly type: 'applied'; readonly ticket: number; readonly plan: Plan; readonly results: readonly StepResult[] };

/** A request, and the ticket under which its answers belong to a plan on the screen. */
export type Ticketed = { readonly request: Request; readonly ticket: number };

export type Stepped = { readonly interface: InterfaceState; readonly requests: readonly Ticketed[] };

const replaceTop = (views: InterfaceState['views'], view: View): InterfaceState['views'] =>
  views.length === 1 && view.name === 'nodes' ? [view] : [views[0], ...views.slice(1, -1), view];

const popped = (views: InterfaceState['views']): InterfaceState['views'] => [views[0], ...views.slice(1, -1)];

function afterOutcome(state: InterfaceState, outcome: Outcome<View>, context: Context): Stepped {
  let { views, ticket } = state;
  if (outcome.view !== undefined) views = replaceTop(views, outcome.view);
  if (outcome.pop === true && views.length > 1) views = popped(views);
  if (outcome.push?.name === 'plan') {
    ticket += 1;
    views = [...views, { ...outcome.push, ticket }];
  } else if (outcome.push !== undefined)
    views = [...views, screenOf(outcome.push).opened?.(outcome.push, context) ?? outcome.push];
  const { sort, grouping } = outcome;
  if (sort !== undefined) views = [{ ...views[0], sort }, ...views.slice(1)];
  if (grouping !== undefined) views = [{ ...views[0], grouping }, ...views.slice(1)];
  return {
    interface: { views, pending: '', ticket, notice: outcome.notice ?? null },
    requests: (outcome.requests ?? []).map((request) => ({ request, ticket })),
  };
}

const unticketed = (request: Request): Ticketed => ({ request, ticket: 0 });

/** Said when a key would write and nothing can be written. */
function whyNot(scope: Scope, key: string, { mayWrite, readOnly }: Context): Notice | null {
  if (mayWrite || readOnly === null || meaningOf(scope, true, '', key).kind !== 'command') return null;
  return { severity: 'note', sentence: readOnly };
}

/** The screen of the worst problem, or of the next one; from one to the next nothing piles up. */
function atNextProblem(state: InterfaceState, context: Context): InterfaceState {
  const { view, replaces, notice } = nextProblem(context.verdict(), topView(state), context);
  if (view === null) return { ...state, pending: '', notice };
  const below = replaces ? popped(state.views) : state.views;
  const opened = screenOf(view).opened?.(view, context) ?? view;
  const views: InterfaceState['views'] = view.name === 'nodes' ? [below[0]] : [...below, opened];
  return { ...state, views, pending: '', notice };
}

function onKey(state: InterfaceState, key: string, context: Context): Stepped {
  const view = topView(state);
  const screen = screenOf(view);
  const scope = screen.scope(view);
  const meaning = meaningOf(scope, context.mayWrite, state.pending, key);
  if (meaning.kind === 'prefix') return { interface: { ...state, pending: key }, requests: [] };
  if (meaning.kind === 'none') {
    if (TEXT_SCOPES.includes(scope) && screen.type !== undefined)
      return afterOutcome(state, screen.type(view, key, context), context);
    const notice = whyNot(scope, key, context) ?? state.notice;
    return { interface: { ...state, pending: '', notice }, requests: [] };
  }
  switch (meaning.command) {
    case 'leave':
    case 'quit':
      return { interface: state, requests: [unticketed({ type: 'quit', interrupted: meaning.command === 'leave' })] };
    case 'suspend':
    case 'redraw':
      return { interface: state, requests: [unticketed({ type: meaning.command })] };
    case 'help':
      return {
        interface: { ...state, views: [...state.views, { name: 'help', of: scope, top: 0 }], pending: '' },
        requests: [],
      };
    case 'next-problem':
      return { interface: atNextProblem(state, context), requests: [] };
    default:
      return afterOutcome(state, screen.update(view, meaning.command, context), context);
  }
}

const isOnTop = (state: InterfaceState, ticket: number): boolean => {
  const view = topView(state);
  return view.name === 'plan' && view.ticket === ticket;
};

/** Changes the plan of a ticket while it is on top: an answer that comes after the operator went back changes nothing. */
function onPlan(state: InterfaceState, ticket: number, change: (view: PlanView) => PlanView): Stepped {
  const view = topView(state);
  if (view.name !== 'plan' || view.ticket !== ticket) return { interface: state, requests: [] };
  return { interface: { ...state, views: replaceTop(state.views, change(view)) }, requests: [] };
}

/** What changed nodes can be taken back; an undo itself is not. */
const hasWayBack = ({ name, steps }: Plan): boolean => name !== 'undo' && steps.every(({ task }) => task === 'edit');

/** How an operation ended, in a sentence. */
function endOf(plan: Plan, results: readonly StepResult[]): Notice {
  const bad = results.filter(({ state }) => state !== 'done');
  const first = bad[0];
  if (first === undefined) {
    return { severity: 'note', sentence: `${plan.title}: done.${hasWayBack(plan) ? ' u takes it back.' : ''}` };
  }
  return { severity: 'critical', sentence: `${plan.title}: ${first.why ?? `${stepTitle(first)}: ${first.state}`}` };
}

/** Screens that an operation is asked for from, as opposed to forms that lead to it. */
const STAY: readonly View['name'][] = ['node', 'etcd', 'etcd-member', 'control-plane'];

/** Back to where the operation was asked for: the form that led to it is done with. */
function withoutForms(views: InterfaceState['views']): InterfaceState['views'] {
  const [list, ...others] = views;
  return [list, ...others.filter(({ name }) => STAY.includes(name))];
}

/** The interface after an action, and what is to be asked of the world. Pure. */
export function step(state: InterfaceState, action: Action, context: Context): Stepped {
  switch (action.type) {
    case 'key':
      return onKey(state, action.key, context);
    case 'paste': {
      const view = topView(state);
      const outcome = screenOf(view).paste?.(view, action.text, context);
      const scope = screenOf(view).scope(view);
      return outcome === undefined || !TEXT_SCOPES.includes(scope)
        ? { interface: state, requests: [] }
        : afterOutcome(state, outcome, context);
    }
    case 'planned':
      return onPlan(state, action.ticket, (view) =>
        view.phase === 'planning' ? { ...view, title: action.plan.title, phase: 'preview', plan: action.plan } : view,
      );
    case 'not-planned': {
      if (!isOnTop(state, action.ticket)) return { interface: state, requests: [] };
      return {
        interface: { ...state, views: popped(state.views), notice: { severity: 'warning', sentence: action.sentence } },
        requests: [],
      };
    }
    case 'progress':
      return onPlan(state, action.ticket, (view) => ({
        ...view,
        progress: { ...view.progress, [stepKey(action.progress)]: action.progress },
      }));
    case 'applied': {
      const notice = endOf(action.plan, action.results);
      // What steps tell of how they ended stays to be read.
      if (notice.severity === 'note' && action.results.every(({ why }) => why === null))
        return { interface: { ...state, views: withoutForms(state.views), notice }, requests: [] };
      const ended = onPlan(state, action.ticket, (view) => ({ ...view, phase: 'ended', results: action.results }));
      // A plan that is still on top tells itself what became of it.
      return isOnTop(state, action.ticket) ? ended : { ...ended, interface: { ...ended.interface, notice } };
    }
  }
}
