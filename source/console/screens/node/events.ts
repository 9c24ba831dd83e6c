import { steadyAge } from '../../../text/age.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import { visible } from '../../../text/visible.ts';
import { fit } from '../../../text/width.ts';
import { missingWords } from '../../frame/trouble.ts';
import type { Context } from '../../screen.ts';
import { SIGNS } from '../../theme.ts';
import { drawnRow, plain, styled } from '../../widgets/spans.ts';

const AGE_WIDTH = 8;
const REASON_WIDTH = 26;

/** The events about a node, newest first; why there are none when they cannot be read. */
export function eventRows(row: NodeRow, { cluster, width, now, theme }: Context): readonly string[] {
  const events = cluster.eventsByNode.get(row.node.name) ?? [];
  if (events.length === 0) {
    const missing = missingWords('events', cluster.resources.events.status);
    return [
      ` ${missing === null ? theme.label('no event is kept about this node') : theme.unknown(`${SIGNS.unknown} ${missing}`)}`,
    ];
  }
  const head = theme.label(` ${fit('LAST SEEN', AGE_WIDTH + 2)} ${fit('REASON', REASON_WIDTH)}  MESSAGE`);
  const body = [...events].reverse().map((event) => {
    const age = event.at === null ? '?' : steadyAge(event.at, now);
    const count = event.count > 1 ? ` (x${event.count})` : '';
    const isWarning = event.type === 'Warning';
    const reason = fit(`${isWarning ? '! ' : ''}${visible(event.reason)}`, REASON_WIDTH);
    return drawnRow(
      [
        plain(` ${fit(age, AGE_WIDTH + 2)} `),
        isWarning ? styled('warning', reason) : plain(reason),
        plain(`  ${visible(event.message)}${count}`),
      ],
      width,
      theme,
    );
  });
  return [head, ...body];
}
