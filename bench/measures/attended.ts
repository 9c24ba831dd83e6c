import { setTimeout as pause } from 'node:timers/promises';
import type { ServedCluster } from '../cluster.ts';
import type { Asked } from '../serve.ts';
import { LARGE_SCREEN, withConsole, type OpenConsole } from '../console.ts';
import { linuxOnly, type Measured } from '../figures.ts';
import { isControlPlanePage, isEtcdPage, type Screen } from '../picture.ts';
import { ranBetween, runTimes } from '../processor.ts';

export type AttendedPlan = {
  /** Left alone before a screen is opened, ms. */
  readonly settling: number;
  /** Seconds for which each screen is looked at: whole turns of five, and of ten. */
  readonly etcd: number;
  readonly controlPlane: number;
};

/** Turns in which members of etcd are asked, s. */
const TURN = 5;
/** A count begins and ends so long after a turn, far from the one before and the next, ms. */
const BETWEEN_TURNS = 2_500;
const LOOK = 100;
/** The pod of a member of etcd, asked by its proxy or by exec. */
const MEMBER = /\/pods\/(etcd-[^/:]+)(?::\d+\/proxy|\/exec)/;

/** What the member was asked that was asked most. */
function mostOfOneMember(asked: readonly Asked[]): number {
  const members = asked.flatMap(({ path }) => MEMBER.exec(path)?.[1] ?? []);
  if (members.length === 0) throw new Error('No member of etcd was asked for anything while its screen was shown.');
  return Math.max(...[...Map.groupBy(members, (member) => member).values()].map(({ length }) => length));
}

type Shown = {
  readonly key: string;
  readonly shows: (screen: Screen) => boolean;
  /** What is asked in each turn, and not so often elsewhere. */
  readonly turn: RegExp;
  readonly seconds: number;
};

/** Resolves between two turns of what is asked because the screen is shown. */
async function betweenTurns(cluster: ServedCluster, turn: RegExp): Promise<void> {
  await cluster.asked();
  while (!(await cluster.asked()).some(({ path }) => turn.test(path))) await pause(LOOK);
  await pause(BETWEEN_TURNS);
}

/** Shows a screen for some seconds: what it asks for meanwhile, and what it computes, per cent of a core. */
async function shown(cluster: ServedCluster, { terminal, pid, answer }: OpenConsole, screen: Shown) {
  await answer(screen.key, screen.shows);
  await betweenTurns(cluster, screen.turn);
  await cluster.asked();
  const ran = runTimes(pid);
  const startedAt = performance.now();
  await pause(screen.seconds * 1_000);
  const after = runTimes(pid);
  const passed = performance.now() - startedAt;
  const asked = await cluster.asked();
  if (!screen.shows(terminal.screen())) throw new Error(`The screen is gone:\n${terminal.screen().join('\n')}`);
  const cpu = ran === null || after === null ? null : (100 * ranBetween(ran, after)) / passed;
  return { asked, cpu };
}

const ETCD = { key: 'e', shows: isEtcdPage, turn: /\/proxy\/metrics$/ };
const CONTROL_PLANE = { key: 'C', shows: isControlPlanePage, turn: /^\/livez\b/ };

/** Looks at etcd and at the control plane, each for some seconds: what the server is asked for the sake of that. */
export function measureAttended(cluster: ServedCluster, plan: AttendedPlan): Promise<Measured> {
  return withConsole(cluster, LARGE_SCREEN, async (console) => {
    await console.allKnown();
    await pause(plan.settling);
    const etcd = await shown(cluster, console, { ...ETCD, seconds: plan.etcd });
    const controlPlane = await shown(cluster, console, { ...CONTROL_PLANE, seconds: plan.controlPlane });
    return {
      'etcd-requests': [(mostOfOneMember(etcd.asked) * TURN) / plan.etcd],
      'etcd-cpu': etcd.cpu === null ? linuxOnly(process.platform) : [etcd.cpu],
      'control-plane-requests': [(controlPlane.asked.length * 60) / plan.controlPlane],
    };
  });
}
