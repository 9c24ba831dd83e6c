import type { Counted, Figure } from './figures.ts';

/** Columns of one resource that stand together. */
export type Block = { readonly resource: Counted; readonly figures: readonly Figure[] };
/** Blocks side by side. */
export type PageOfBlocks = readonly Block[];

const ALL: readonly Figure[] = ['allocatable', 'requested', 'limits', 'used', 'free', 'freeForWorkloads'];
const SHORT: readonly Figure[] = ['allocatable', 'requested', 'free', 'freeForWorkloads'];
const TAKEN: readonly Figure[] = ['requested', 'limits', 'used'];
const STORAGE: readonly Figure[] = ['allocatable', 'requested', 'limits', 'free', 'freeForWorkloads'];

/** From a width on: what stands beside each other, in pages where it is too much. */
const LAYOUTS: readonly { readonly from: number; readonly pages: readonly [PageOfBlocks, ...PageOfBlocks[]] }[] = [
  {
    from: 0,
    pages: [
      [
        { resource: 'cpu', figures: SHORT },
        { resource: 'memory', figures: SHORT },
      ],
      [
        { resource: 'cpu', figures: TAKEN },
        { resource: 'memory', figures: TAKEN },
      ],
      [
        { resource: 'ephemeralStorage', figures: SHORT },
        { resource: 'pods', figures: SHORT },
      ],
    ],
  },
  {
    from: 116,
    pages: [
      [
        { resource: 'cpu', figures: ALL },
        { resource: 'memory', figures: ALL },
      ],
      [
        { resource: 'ephemeralStorage', figures: STORAGE },
        { resource: 'pods', figures: SHORT },
      ],
    ],
  },
  {
    from: 190,
    pages: [
      [
        { resource: 'cpu', figures: ALL },
        { resource: 'memory', figures: ALL },
        { resource: 'ephemeralStorage', figures: STORAGE },
        { resource: 'pods', figures: SHORT },
      ],
    ],
  },
];

/** The pages of columns on a screen of `width` cells. */
export const pagesFor = (width: number): readonly [PageOfBlocks, ...PageOfBlocks[]] =>
  (LAYOUTS.findLast(({ from }) => width >= from) ?? LAYOUTS[0])?.pages ?? [[]];

/** Cells of one figure, the gap before it included: room for 1023Mi, -12.5 and a title. */
export const FIGURE_WIDTH = 7;
/** Cells of what is summed, and of the numbers of nodes. */
export const NAME_WIDTH = 15;
export const COUNT_WIDTH = 8;
/** Between two resources. */
export const BLOCK_GAP = 1;
