import type { Counted, Figure } from './figures.ts';

/** Columns of one resource that stand together. */
export type Block = { readonly resource: Counted; readonly figures: readonly Figure[] };
/** Blocks side by side. */
export type PageOfBlocks = readonly Block[];

const ALL: readonly Figure[] = ['allocatable', 'requested', 'limits', 'used', 'free', 'freeForWorkloads'];
const SHORT: readonly Figure[] = ['allocatable', 'requested', 'free', 'freeForWorkloads'];
const TAKEN: readonly Figure[] = ['requested', 'limits', 'used'];
const STORAGE: readonly Figure[] = ['allocatable', 'requested', 'limits', 'free', 'freeForWorkloads'];

/** How the columns stand on a screen: in pages where they are too many for one, each figure with the gap before it. */
export type Layout = { readonly figureWidth: number; readonly pages: readonly [PageOfBlocks, ...PageOfBlocks[]] };

/** From this width on all columns stand on one page. */
export const ONE_PAGE = 194;

/** From a width on: room for 99.9Gi, and with a sign and a gap where the screen is wide. */
const LAYOUTS: readonly [Layout & { readonly from: 0 }, ...(Layout & { readonly from: number })[]] = [
  {
    from: 0,
    figureWidth: 7,
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
    from: 120,
    figureWidth: 8,
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
    from: ONE_PAGE,
    figureWidth: 8,
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

export const layoutFor = (width: number): Layout => LAYOUTS.findLast(({ from }) => width >= from) ?? LAYOUTS[0];

/** Cells of what is summed, and of the numbers of nodes; between two resources. */
export const NAME_WIDTH = 15;
export const COUNT_WIDTH = 7;
export const BLOCK_GAP = 1;
