import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * MiB of the young generation. By itself V8 lets it grow to 128, which a large list fills once and nothing gives back;
 * what some frames throw away fits into this many times.
 */
const YOUNG_GENERATION = 16;
/** Per cent by which the old generation may grow before it is collected; V8's own is up to 300. */
const GROWTH = 30;
/** Objects that are kept for a moment, so that V8 finds the young generation too small: some hundred KiB at a time. */
const OBJECTS = 2_000;
const MOST_ROUNDS = 200;

const youngGeneration = (): number =>
  (getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? NaN) / 2 ** 20;

/**
 * Bounds what this thread's heap takes besides what is in use, for a program that stays. V8 reads the bound itself only
 * when the heap is made, before any code of ours; by how much it grows it reads each time. So the young generation is
 * made to grow once to its size, and then not any more.
 */
export function boundMemory(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
  // Of the two halves, each has one MiB at first.
  setFlagsFromString(`--semi-space-growth-factor=${YOUNG_GENERATION / 2}`);
  const kept: object[] = [];
  for (let round = 0; round < MOST_ROUNDS && youngGeneration() < YOUNG_GENERATION / 2; round += 1)
    for (let count = 0; count < OBJECTS; count += 1) kept.push({ count });
  setFlagsFromString('--semi-space-growth-factor=1');
}
