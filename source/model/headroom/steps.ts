/**
 * Work that is done bit by bit: whoever runs it may turn to something else after each step, a millisecond or so. It gives
 * what it comes to at its end.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Things looked at in one step. */
const AT_ONCE = 100;

/** What work comes to, done without a break. */
export function finished<T>(steps: Steps<T>): T {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
  }
}

/** What work comes to of each of many things, some in one step. */
export function* mapInSteps<T, U>(things: Iterable<T>, work: (thing: T) => U): Steps<U[]> {
  const made: U[] = [];
  yield* forEachInSteps(things, (thing) => {
    made.push(work(thing));
  });
  return made;
}

/** Things in their order, those that are equal in it as they stood: some are put in order, then these with others. */
export function* sortInSteps<T>(things: readonly T[], compare: (one: T, other: T) => number): Steps<T[]> {
  if (things.length <= AT_ONCE) return [...things].sort(compare);
  const middle = things.length >> 1;
  const one = yield* sortInSteps(things.slice(0, middle), compare);
  const other = yield* sortInSteps(things.slice(middle), compare);
  yield;
  // Two sorted runs after each other are merged by the sort of the language, in as many comparisons as there are things.
  return [...one, ...other].sort(compare);
}

/** Does the same with each of many things, some in one step. */
export function* forEachInSteps<T>(things: Iterable<T>, work: (thing: T) => void): Steps<void> {
  let count = 0;
  for (const thing of things) {
    work(thing);
    count += 1;
    if (count % AT_ONCE === 0) yield;
  }
}
