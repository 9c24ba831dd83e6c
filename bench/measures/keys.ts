import type { Cluster } from '../cluster.ts';
import { withConsole, type Frame, type OpenConsole } from '../console.ts';
import { LINUX_ONLY, type Measured } from '../figures.ts';
import { residentSet } from '../memory.ts';

const DOWN = 'j';
const UP = 'k';
/** Rows that a list has at most on the screens below, so that as many nodes are left to scroll through. */
const TALLEST_LIST = 60;
/** Keys before the count begins: Node compiles what runs often. */
const WARM_UP = 20;

type Frames = { readonly moves: readonly Frame[]; readonly scrolls: readonly Frame[] };
type Pressed = Frames & { readonly resident: ReturnType<typeof residentSet> };

/** The selection down to the edge and some lines past it, then up and down within the screen. */
async function pressKeys(console: OpenConsole, wanted: { moves: number; scrolls: number }): Promise<Frames> {
  const moves: Frame[] = [];
  const scrolls: Frame[] = [];
  const press = async (key: string) => {
    const before = console.firstRow();
    const frame = await console.press(key);
    (console.firstRow() === before ? moves : scrolls).push(frame);
  };
  const warmUp = async () => {
    for (let key = 0; key < WARM_UP; key += 1) await console.press(key % 2 === 0 ? DOWN : UP);
  };
  await warmUp();
  while (scrolls.length < wanted.scrolls) await press(DOWN);
  for (let key = 0; moves.length < wanted.moves; key += 1) await press(key % 10 < 5 ? UP : DOWN);
  return { moves, scrolls };
}

const milliseconds = (frames: readonly Frame[]) => frames.map((frame) => frame.milliseconds);
const bytes = (frames: readonly Frame[]) => frames.map((frame) => frame.bytes);

/** Presses keys on screens of three sizes: how long a frame takes, and how many bytes it has. */
export async function measureKeys(
  cluster: Cluster,
  nodes: number,
  plan: { moves: number; scrolls: number },
): Promise<Measured> {
  const wanted = { moves: plan.moves, scrolls: Math.min(plan.scrolls, nodes - TALLEST_LIST) };
  const framesOf = (columns: number, rows: number): Promise<Pressed> =>
    withConsole(cluster, { columns, rows }, async (console) => {
      await console.allKnown();
      await console.quietFor(500);
      const frames = await pressKeys(console, wanted);
      return { ...frames, resident: residentSet(console.pid) };
    });
  const small = await framesOf(80, 24);
  const middle = await framesOf(120, 36);
  const large = await framesOf(200, 60);
  return {
    'memory-keys': large.resident === null ? LINUX_ONLY : [large.resident.now],
    'key-80x24': milliseconds(small.moves),
    'key-120x36': milliseconds(middle.moves),
    'key-200x60': milliseconds(large.moves),
    'scroll-key-200x60': milliseconds(large.scrolls),
    'move-80x24': bytes(small.moves),
    'move-120x36': bytes(middle.moves),
    'move-200x60': bytes(large.moves),
    'scroll-80x24': bytes(small.scrolls),
    'scroll-120x36': bytes(middle.scrolls),
    'scroll-200x60': bytes(large.scrolls),
  };
}
