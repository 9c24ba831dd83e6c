import { fit } from '../../../text/width.ts';
import type { Command } from '../../keys/key-table.ts';
import { nothing, type Context, type Outcome, type Screen } from '../../screen.ts';
import type { ScenesView } from '../../view.ts';
import { Lines } from '../../widgets/lines.tsx';
import { moved, settled } from '../../widgets/position.ts';
import { drawnRow, plain, selectedRow, styled } from '../../widgets/spans.ts';

const TITLE_ROWS = 2;
const NAME_WIDTH = 26;

function update(view: ScenesView, command: Command, { scenes, height }: Context): Outcome<ScenesView> {
  const all = scenes?.all ?? [];
  const position = moved(view.position, command, all.length, height - TITLE_ROWS);
  if (position !== null) return { view: { ...view, position } };
  if (command === 'back') return { pop: true };
  const scene = all[settled(view.position, all.length, height - TITLE_ROWS).cursor];
  return command === 'choose' && scene !== undefined
    ? { pop: true, requests: [{ type: 'show-scene', scene: scene.name }] }
    : nothing;
}

function draw(view: ScenesView, { scenes, theme, width, height }: Context) {
  const all = scenes?.all ?? [];
  const { cursor, top } = settled(view.position, all.length, height - TITLE_ROWS);
  const rows = all.slice(top, top + height - TITLE_ROWS).map(({ name, told }, index) => {
    const now = name === scenes?.current ? '*' : ' ';
    const spans = [plain(`${now} ${fit(name, Math.min(NAME_WIDTH, width))}  `), styled('label', told)];
    return top + index === cursor
      ? selectedRow([plain(' > '), ...spans], width, theme)
      : drawnRow([plain('   '), ...spans], width, theme);
  });
  return <Lines rows={[` ${theme.heading('Show another cluster in a box')}`, '', ...rows]} height={height} />;
}

export const scenesScreen: Screen<ScenesView> = { scope: () => 'scenes', update, draw };
