import { sshMeaning } from '../../../product/keys.ts';
import { roleOfKey } from '../../../product/roles.ts';
import type { NodeRow } from '../../../state/node-rows.ts';
import { letterByLetter } from '../../../text/alphabet.ts';
import { visible } from '../../../text/visible.ts';
import type { Context } from '../../screen.ts';
import { drawnRow, plain, styled, type Span } from '../../widgets/spans.ts';

const explained = (key: string): string | null => {
  const role = roleOfKey(key);
  return sshMeaning(key) ?? (role === null ? null : `role ${role}`);
};

/** Labels, then annotations, each in the order of their keys; keys of the product with what they mean. */
export function labelRows(row: NodeRow, { width, theme }: Context): readonly string[] {
  const pairs = (map: Readonly<Record<string, string>>) =>
    Object.entries(map)
      .sort(([one], [other]) => letterByLetter(one, other))
      .map(([key, value]) => {
        const meaning = explained(key);
        const spans: Span[] = [plain(`   ${visible(key)}`), styled('label', '='), plain(visible(value))];
        if (meaning !== null) spans.push(styled('label', `   ${meaning}`));
        return drawnRow(spans, width, theme);
      });
  return [
    ` ${theme.heading('Labels')}`,
    ...pairs(row.node.labels),
    '',
    ` ${theme.heading('Annotations')}`,
    ...pairs(row.node.annotations),
  ];
}
