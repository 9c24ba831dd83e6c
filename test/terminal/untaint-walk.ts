import { expect } from 'vitest';
import { startProgram } from './program.ts';
import { KEYS } from './screen.ts';

/**
 * From start to untaint to undo by keys alone, in a real pty: the guide's own example. `marks` reads the roles and
 * taints of the node from the server, past the console.
 */
export async function walkUntaint(given: {
  readonly args: readonly string[];
  readonly node: string;
  readonly columns: number;
  readonly rows: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly taints: () => Promise<readonly string[]>;
}): Promise<void> {
  const { node } = given;
  const screen = startProgram(given.args, given);
  const rowOfNode = (rows: readonly string[]) => rows.find((row) => row.slice(2).startsWith(`${node} `)) ?? '';

  await screen.until((rows) => rowOfNode(rows).includes(' BT M E '), `${node} with its taint`);
  screen.press(`/${node}`);
  await screen.until((rows) => rows.some((row) => row.startsWith(`> ${node}`)), `the cursor on ${node}`);
  screen.press(KEYS.enter);
  await screen.untilText('? help');
  const before = await given.taints();
  expect(before).toEqual(['node-role.kubernetes.io/bootstrap:NoSchedule']);

  screen.press('t');
  await screen.untilText(`Taints of ${node}`);
  screen.press('a');
  await screen.untilText('[x]');
  screen.press(KEYS.enter);
  await screen.untilText('the server accepts it (dry run)');
  expect(await given.taints()).toEqual(before);
  screen.press('y');
  await screen.untilText('done. u takes it back.');
  await screen.until((rows) => rowOfNode(rows).includes(' B M E '), 'the taint to go from the screen');
  expect(await given.taints()).toEqual([]);

  screen.press('u');
  await screen.untilText('the server accepts it (dry run)');
  screen.press('y');
  await screen.until((rows) => rowOfNode(rows).includes(' BT M E '), 'the taint to come back on the screen');
  expect(await given.taints()).toEqual(before);

  screen.press(KEYS.escape);
  await screen.untilGone('filter: ');
  screen.press('q');
  const { exitCode } = await screen.exited;
  expect(exitCode).toBe(0);
  expect(screen.isAlternate()).toBe(false);
}
