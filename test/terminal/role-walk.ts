import { expect } from 'vitest';
import { startProgram } from './program.ts';
import { KEYS } from './screen.ts';

/** The roles of a node and the taints that carry one, as the server has them. */
export type Standing = { readonly roles: readonly string[]; readonly taints: readonly string[] };

const OPEN = /FREE FOR WORKLOADS .*cpu (\S+) .* on (\d+) open nodes?/;

/**
 * A worker becomes an infra node and a worker again, by keys alone, in a real pty; what is free for workloads follows, both times.
 * `standing` reads the node from the server, past the console.
 */
export async function walkRole(given: {
  readonly args: readonly string[];
  readonly node: string;
  readonly columns: number;
  readonly rows: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly standing: () => Promise<Standing>;
}): Promise<void> {
  const { node } = given;
  const screen = startProgram(given.args, given);
  const free = (rows: readonly string[]): { cpu: number; open: number } | null => {
    const found = rows.map((row) => OPEN.exec(row)).find((one) => one !== null);
    return found ? { cpu: Number(found[1]), open: Number(found[2]) } : null;
  };
  const untilOpen = (open: number) =>
    screen.until((rows) => free(rows)?.open === open, `what is free for workloads on ${open} nodes`);
  const shown = () => free(screen.screen()) ?? { cpu: NaN, open: NaN };

  await untilOpen(3);
  const { cpu } = shown();
  const before = await given.standing();
  expect(before).toEqual({ roles: ['node'], taints: [] });
  screen.press(`/${node}`);
  await screen.until((rows) => rows.some((row) => row.startsWith(`> ${node}`)), `the cursor on ${node}`);
  screen.press(KEYS.enter);
  await screen.untilText('? help');

  screen.press('o');
  await screen.untilText(`Roles of ${node}`);
  screen.press(KEYS.down.repeat(2));
  await screen.until((rows) => rows.some((row) => row.startsWith('> [ ] infra')), 'the cursor on infra');
  screen.press(' ');
  await screen.untilText('[x] infra');
  screen.press(KEYS.down);
  await screen.until((rows) => rows.some((row) => row.startsWith('> [x] node')), 'the cursor on node');
  screen.press(' ');
  await screen.untilText('[x] taint infra');
  screen.press(KEYS.enter);
  await screen.untilText('the server accepts it (dry run)');
  expect(await given.standing()).toEqual(before);
  screen.press('y');
  await screen.untilText('done. u takes it back.');
  await untilOpen(2);
  expect(shown().cpu).toBeLessThan(cpu);
  expect(await given.standing()).toEqual({ roles: ['infra'], taints: ['infra'] });

  screen.press('u');
  await screen.untilText('the server accepts it (dry run)');
  screen.press('y');
  await untilOpen(3);
  expect(await given.standing()).toEqual(before);

  screen.press(KEYS.escape);
  await screen.untilGone('filter: ');
  screen.press('q');
  const { exitCode } = await screen.exited;
  expect(exitCode).toBe(0);
}
