import { expect, test } from 'vitest';
import type { ClusterEvent } from '../../../source/model/cluster-event.ts';
import { controlPlaneEvents } from '../etcd-cluster.ts';
import { NOON } from '../made-cluster.ts';
import { openScreen } from '../open-screen.tsx';

/** The rows of the certificates, from the titles of the table to the sentence below it. */
async function rowsAt(columns: number): Promise<readonly string[]> {
  const screen = openScreen({ columns, rows: 80, events: controlPlaneEvents() });
  await screen.untilText('worker-3');
  screen.press('C');
  await screen.untilText('LEFT');
  const rows = screen.screen();
  const first = rows.findIndex((row) => /^ +LEFT/.test(row));
  return rows.slice(first, first + rows.slice(first).findIndex((row) => !row.startsWith('  ')));
}

test('what becomes of each certificate is readable where there is little room', async () => {
  const [titles, ...rows] = await rowsAt(80);
  expect(titles).toMatch(/LEFT +WHAT +WHERE +STATE$/);
  expect(rows.length).toBe(3);
  for (const row of rows)
    expect(row).toMatch(/ (holds|due|overdue|expired|too early|distrusted|not known|see below) *$/);
  expect(rows.join('\n')).toMatch(/X over .* expired/);
});

test('with room its end and the whole of it are told', async () => {
  const [titles, ...rows] = await rowsAt(160);
  expect(titles).toMatch(/LEFT +UNTIL +WHAT +WHERE +STATE$/);
  expect(rows.join('\n')).toMatch(/X over +2026-01-29/);
});

test('those that cannot be read are told where they stand, and not above what is wrong', async () => {
  const where = 'https://10.1.0.13:6443';
  const unread: ClusterEvent = {
    type: 'no-answer',
    at: NOON,
    question: 'certificate',
    about: where,
    failure: { kind: 'lost', why: 'connect: no route to host', right: null },
  };
  const screen = openScreen({ columns: 160, rows: 80, events: [...controlPlaneEvents(), unread] });
  await screen.untilText('worker-3');
  screen.press('C');
  await screen.untilText('LEFT');
  const rows = screen.screen();
  const above = rows
    .slice(
      0,
      rows.findIndex((row) => row.startsWith(' Static pods')),
    )
    .join('\n');
  expect(above).toContain('client of the kubeconfig');
  expect(above).not.toContain('no route to host');
  const table = rows.slice(rows.findIndex((row) => row.includes('LEFT')));
  expect(table.find((row) => row.includes('master-2'))).toMatch(/^ +\? .* not known: connect: no route to host *$/);
});
