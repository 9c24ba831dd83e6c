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

/** Does the same with each of many things, some in one step. */
export function* forEachInSteps<T>(things: Iterable<T>, work: (thing: T) => void): Steps<void> {
  let count = 0;
  for (const thing of things) {
    work(thing);
    count += 1;
    if (count % AT_ONCE === 0) yield;
  }
}
