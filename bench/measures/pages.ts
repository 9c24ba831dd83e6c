import type { Cluster } from '../cluster.ts';
import { LARGE_SCREEN, withConsole, type OpenConsole } from '../console.ts';
import type { FigureId, Measured } from '../figures.ts';
import {
  isControlPlanePage,
  isEtcdPage,
  isHeadroomPage,
  isList,
  isNodePage,
  isSorts,
  type Screen,
} from '../picture.ts';
import { DOWN, UP } from './keys.ts';

const ENTER = '\r';
const ESCAPE = '\u001b';
const BACK = 'q';
/** Rounds before the count begins: Node compiles what runs often. */
const WARM_UP = 5;
/** Nothing was drawn for as long before the next key, ms. */
const REST = 30;

type Step = {
  readonly key: string;
  /** What the screen shows once the key has done all it does. */
  readonly shows: (screen: Screen) => boolean;
  /** Null for keys that lead to those that are timed. */
  readonly figure: FigureId | null;
};

const BY_NAME = { sort: 'node', column: 'NODE' };
const BY_STATUS = { sort: 'status', column: 'STATUS' };

/** From the list back to the list, which is sorted another way in each round. */
function round(turn: number): readonly Step[] {
  const [before, after, toward] = turn % 2 === 0 ? [BY_NAME, BY_STATUS, DOWN] : [BY_STATUS, BY_NAME, UP];
  const list = (sort: string, filter: string | null) => (screen: Screen) => isList(screen, { sort, filter });
  return [
    { key: '/', shows: list(before.sort, ''), figure: null },
    { key: 'w', shows: list(before.sort, 'w'), figure: 'key-filter' },
    { key: ESCAPE, shows: list(before.sort, null), figure: null },
    { key: 's', shows: (screen) => isSorts(screen, before.column), figure: null },
    { key: toward, shows: (screen) => isSorts(screen, after.column), figure: null },
    { key: ENTER, shows: list(after.sort, null), figure: 'key-sort' },
    { key: ENTER, shows: isNodePage, figure: 'key-node' },
    { key: BACK, shows: list(after.sort, null), figure: 'key-node-back' },
    { key: 'h', shows: isHeadroomPage, figure: 'key-headroom' },
    { key: BACK, shows: list(after.sort, null), figure: 'key-headroom-back' },
    { key: 'e', shows: isEtcdPage, figure: 'key-etcd' },
    { key: BACK, shows: list(after.sort, null), figure: 'key-etcd-back' },
    { key: 'C', shows: isControlPlanePage, figure: 'key-control-plane' },
    { key: BACK, shows: list(after.sort, null), figure: 'key-control-plane-back' },
  ];
}

async function pressRound(console: OpenConsole, turn: number, count: (figure: FigureId, time: number) => void) {
  for (const { key, shows, figure } of round(turn)) {
    await console.quietFor(REST);
    const time = await console.answer(key, shows);
    if (figure !== null) count(figure, time);
  }
}

/** Keys that change all of the screen, with everything known: ms until the last byte of what each shows. */
export function measurePages(cluster: Cluster, plan: { readonly rounds: number }): Promise<Measured> {
  return withConsole(cluster, LARGE_SCREEN, async (console) => {
    await console.allKnown();
    const times: Partial<Record<FigureId, number[]>> = {};
    for (let turn = 0; turn < WARM_UP; turn += 1) await pressRound(console, turn, () => undefined);
    for (let turn = WARM_UP; turn < WARM_UP + plan.rounds; turn += 1)
      await pressRound(console, turn, (figure, time) => (times[figure] ??= []).push(time));
    return times;
  });
}
