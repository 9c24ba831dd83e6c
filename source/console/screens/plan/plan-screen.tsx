import { Box } from 'ink';
import type { Command } from '../../keys/key-table.ts';
import type { Scope } from '../../keys/scopes.ts';
import { nothing, type Context, type Outcome, type Screen } from '../../screen.ts';
import { visible } from '../../../text/visible.ts';
import type { PlanView } from '../../view.ts';
import { Lines } from '../../widgets/lines.tsx';
import { moreSpans } from '../../widgets/more.ts';
import { scrolled } from '../../widgets/position.ts';
import { drawnRow, plain, styled, type Span } from '../../widgets/spans.ts';
import { titleRows } from '../../widgets/title-rows.ts';
import { edited, textOf, typed } from '../../widgets/line-editor.ts';
import { Waiting } from '../../widgets/waiting.tsx';
import { isPossible, planRows } from './plan-rows.ts';

/** Title and a blank row. */
const HEAD_ROWS = 2;

/** Only a plan that is shown and can be sent takes the key that sends it. */
function scopeOf({ phase, plan }: PlanView): Scope {
  if (phase === 'running') return 'running';
  if (phase !== 'preview' || plan === null || !isPossible(plan)) return 'answer';
  return plan.confirmation === null ? 'plan' : 'confirm';
}

function update(view: PlanView, command: Command, context: Context): Outcome<PlanView> {
  const { plan } = view;
  if (command === 'back' || command === 'cancel') return { pop: true };
  if (plan === null) return nothing;
  if (command === 'apply') {
    if (plan.confirmation !== null && textOf(view.typed) !== plan.confirmation)
      return { notice: { severity: 'warning', sentence: notThat(plan.confirmation) } };
    // What becomes of the steps stands at the top.
    return { view: { ...view, phase: 'running', top: 0 }, requests: [{ type: 'apply', plan }] };
  }
  if (command === 'stop') return { view: { ...view, stopping: true }, requests: [{ type: 'stop' }] };
  const rows = planRows(plan, view, context).length;
  const top = scrolled(view.top, command, rows, context.height - HEAD_ROWS);
  return top === null ? nothing : { view: { ...view, top } };
}

const notThat = (name: string): string =>
  `Nothing was sent: type ${visible(name)}, the name of the cluster, to do it, or press Escape.`;

/** What has to be typed, and what was typed of it. */
const typedSpans = (name: string, typed: string): readonly Span[] => [
  styled('label', 'nothing is sent before '),
  plain(visible(name)),
  styled('label', ' is typed: '),
  plain(`${visible(typed)}_ `),
];

/** How far a plan is that is being done. */
function runningWords({ plan, progress, stopping }: PlanView): string {
  if (stopping) return 'stops after this step';
  if (plan === null || plan.steps.length === 1) return 'being done';
  const ended = Object.values(progress).filter(({ state }) => state === 'ended');
  return `${ended.length} of ${plan.steps.length} done`;
}

function stateSpans(view: PlanView): readonly Span[] {
  switch (view.phase) {
    case 'planning':
      return [];
    case 'preview':
      if (view.plan !== null && isPossible(view.plan) && view.plan.confirmation !== null)
        return typedSpans(view.plan.confirmation, textOf(view.typed));
      return view.plan !== null && isPossible(view.plan)
        ? [styled('label', 'nothing is sent before '), plain('y '), styled('label', 'is pressed ')]
        : [styled('warning', '! nothing can be sent ')];
    case 'running':
      return [styled('progress', `~ ${runningWords(view)} `)];
    case 'ended':
      if (view.results.every(({ state }) => state === 'done')) return [plain('done, as told below ')];
      return view.results.some(({ state }) => state === 'done')
        ? [styled('warning', '! not all of it is done ')]
        : [styled('warning', '! nothing of it is done ')];
  }
}

function draw(view: PlanView, context: Context) {
  const { width, height, theme } = context;
  const rows = view.plan === null ? [] : planRows(view.plan, view, context);
  const room = height - HEAD_ROWS;
  const right = [...stateSpans(view), ...moreSpans(view.top, room, rows.length)];
  const head = titleRows(visible(view.title), right, width, theme);
  if (view.plan === null) {
    return (
      <Box flexDirection="column" height={height}>
        <Lines rows={head} height={HEAD_ROWS} />
        <Waiting text="asking the server what it would say" height={height - HEAD_ROWS} />
      </Box>
    );
  }
  const shown = rows.slice(view.top, view.top + room).map((spans) => drawnRow(spans, width, theme));
  return <Lines rows={[...head, ...shown]} height={height} />;
}

export const planScreen: Screen<PlanView> = {
  scope: scopeOf,
  update,
  type: (view, key) => ({ view: { ...view, typed: edited(view.typed, key) } }),
  paste: (view, text) => ({ view: { ...view, typed: typed(view.typed, text) } }),
  draw,
};
