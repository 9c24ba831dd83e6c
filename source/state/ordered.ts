import type { Steps } from '../model/headroom/steps.ts';

/** How values stand: no two of them are equal in their order. A value takes as many positions as it weighs, one if not told. */
export type Order<T> = {
  readonly compare: (one: T, other: T) => number;
  readonly weigh?: (value: T) => number;
};

type Branch<T> = {
  readonly value: T;
  readonly left: Tree<T>;
  readonly right: Tree<T>;
  readonly count: number;
  readonly weight: number;
  /** Measures of the branch, each after the one that took it; null where it is so small that it is measured again. */
  readonly measures: unknown[] | null;
};
type Tree<T> = Branch<T> | null;

const countOf = (tree: Tree<unknown>): number => (tree === null ? 0 : tree.count);
const weightOf = (tree: Tree<unknown>): number => (tree === null ? 0 : tree.weight);

/** Measures of fewer values than these are not kept: they take more memory than time. */
const MEASURED_FROM = 4;

/** How much larger one side may be than the other, and which of two turns mends it (weight-balanced trees, Adams 1993). */
const MOST_APART = 3;
const TURN_TWICE_FROM = 2;

/**
 * Values in their order, never changed: `put` and `remove` give another one that shares all but some branches with it, so
 * that what was measured of the others stands. Each of them costs a few dozen comparisons, however many values there are.
 */
export class Ordered<T> {
  readonly #order: Order<T>;
  /** What was asked of them, or of those before them; what was asked last stands last. Null while nothing was. */
  #asked: Set<Measuring<T>> | null = null;
  /** For measures alone. */
  readonly root: Tree<T>;

  private constructor(order: Order<T>, root: Tree<T>) {
    this.#order = order;
    this.root = root;
  }

  /** Of values that stand in their order already. */
  static of<T>(order: Order<T>, sorted: readonly T[] = []): Ordered<T> {
    const empty = new Ordered<T>(order, null);
    const build = (from: number, to: number): Tree<T> => {
      const middle = (from + to) >> 1;
      const value = sorted[middle];
      return from >= to || value === undefined
        ? null
        : empty.#branch(build(from, middle), value, build(middle + 1, to));
    };
    return new Ordered(order, build(0, sorted.length));
  }

  /** How many values there are. */
  get size(): number {
    return countOf(this.root);
  }

  /** How many positions they take. */
  get weight(): number {
    return weightOf(this.root);
  }

  /** With the value in the place of the one that is equal to it in the order, if there is one. */
  put(value: T): Ordered<T> {
    return new Ordered(this.#order, this.#put(this.root, value));
  }

  /** Without the value that is equal to this one in the order; the same if there is none. */
  remove(value: T): Ordered<T> {
    const root = this.#remove(this.root, value);
    return root === this.root ? this : new Ordered(this.#order, root);
  }

  /** With one value in the place of another, either of which may be null; a value that stands where it stood costs least. */
  replace(before: T | null, after: T | null): Ordered<T> {
    if (before === null || after === null || this.#order.compare(before, after) !== 0) {
      const without = before === null ? this : this.remove(before);
      return after === null ? without : without.put(after);
    }
    return this.put(after);
  }

  /** The value for which `probe` is zero: it tells where to look, negative before a value, positive after it. */
  find(probe: (value: T) => number): T | undefined {
    let tree = this.root;
    while (tree !== null) {
      const side = probe(tree.value);
      if (side === 0) return tree.value;
      tree = side < 0 ? tree.left : tree.right;
    }
    return undefined;
  }

  /** The first position of the value that is equal to this one in the order; -1 if there is none. */
  placeOf(value: T): number {
    let tree = this.root;
    let before = 0;
    while (tree !== null) {
      const side = this.#order.compare(value, tree.value);
      const left = weightOf(tree.left);
      if (side === 0) return before + left;
      if (side > 0) before += left + this.#weigh(tree.value);
      tree = side < 0 ? tree.left : tree.right;
    }
    return -1;
  }

  /** The value that takes a position, and which of its own positions that is. */
  at(position: number): { readonly value: T; readonly own: number } | undefined {
    let tree = this.root;
    let rest = position;
    while (tree !== null && rest >= 0) {
      const left = weightOf(tree.left);
      const own = this.#weigh(tree.value);
      if (rest >= left && rest < left + own) return { value: tree.value, own: rest - left };
      if (rest < left) tree = tree.left;
      else {
        rest -= left + own;
        tree = tree.right;
      }
    }
    return undefined;
  }

  /** The values from a position on, as many as there are of so many; for values that take one position each. */
  slice(from: number, count: number): readonly T[] {
    const values: T[] = [];
    for (let position = from; position < from + count; position += 1) {
      const found = this.at(position);
      if (found === undefined) break;
      values.push(found.value);
    }
    return values;
  }

  *[Symbol.iterator](): Generator<T, void> {
    const above: Branch<T>[] = [];
    let tree = this.root;
    for (;;) {
      for (; tree !== null; tree = tree.left) above.push(tree);
      const next = above.pop();
      if (next === undefined) return;
      yield next.value;
      tree = next.right;
    }
  }

  /** Notes that a measure was asked of these values. For measures alone. */
  asks(measuring: Measuring<T>): void {
    this.#asked ??= new Set();
    this.#asked.delete(measuring);
    this.#asked.add(measuring);
  }

  /**
   * Measures these values, bit by bit, by what was asked of others, and of those before them: what is asked of these then
   * stands ready, also when nobody asked for a while.
   */
  *measuredLike(others: Ordered<T>): Steps<void> {
    for (const measuring of [...(others.#asked ?? [])].slice(-MOST_MEASURES)) {
      this.asks(measuring);
      yield* measuring(this.root);
    }
  }

  #weigh(value: T): number {
    return this.#order.weigh === undefined ? 1 : this.#order.weigh(value);
  }

  #branch(left: Tree<T>, value: T, right: Tree<T>): Branch<T> {
    const count = countOf(left) + countOf(right) + 1;
    return {
      value,
      left,
      right,
      count,
      weight: weightOf(left) + weightOf(right) + this.#weigh(value),
      measures: count < MEASURED_FROM ? null : [],
    };
  }

  /** A branch whose sides have been one value apart from balance at most. */
  #balanced(left: Tree<T>, value: T, right: Tree<T>): Branch<T> {
    const [lefts, rights] = [countOf(left), countOf(right)];
    if (lefts + rights > 1) {
      if (right !== null && rights > MOST_APART * lefts) {
        const inner = right.left;
        if (inner === null || inner.count < TURN_TWICE_FROM * countOf(right.right))
          return this.#branch(this.#branch(left, value, inner), right.value, right.right);
        return this.#branch(
          this.#branch(left, value, inner.left),
          inner.value,
          this.#branch(inner.right, right.value, right.right),
        );
      }
      if (left !== null && lefts > MOST_APART * rights) {
        const inner = left.right;
        if (inner === null || inner.count < TURN_TWICE_FROM * countOf(left.left))
          return this.#branch(left.left, left.value, this.#branch(inner, value, right));
        return this.#branch(
          this.#branch(left.left, left.value, inner.left),
          inner.value,
          this.#branch(inner.right, value, right),
        );
      }
    }
    return this.#branch(left, value, right);
  }

  #put(tree: Tree<T>, value: T): Branch<T> {
    if (tree === null) return this.#branch(null, value, null);
    const side = this.#order.compare(value, tree.value);
    if (side === 0) return this.#branch(tree.left, value, tree.right);
    return side < 0
      ? this.#balanced(this.#put(tree.left, value), tree.value, tree.right)
      : this.#balanced(tree.left, tree.value, this.#put(tree.right, value));
  }

  #remove(tree: Tree<T>, value: T): Tree<T> {
    if (tree === null) return null;
    const side = this.#order.compare(value, tree.value);
    if (side < 0) {
      const left = this.#remove(tree.left, value);
      return left === tree.left ? tree : this.#balanced(left, tree.value, tree.right);
    }
    if (side > 0) {
      const right = this.#remove(tree.right, value);
      return right === tree.right ? tree : this.#balanced(tree.left, tree.value, right);
    }
    if (tree.left === null) return tree.right;
    if (tree.right === null) return tree.left;
    let next = tree.right;
    while (next.left !== null) next = next.left;
    return this.#balanced(tree.left, next.value, this.#remove(tree.right, next.value));
  }
}

/** What is worked out of values in their order, part by part; `combine` is associative, and `empty` changes nothing. */
export type Measure<T, M> = {
  readonly empty: M;
  readonly one: (value: T) => M;
  readonly combine: (one: M, other: M) => M;
};

/** Measures of one branch that are kept: more than a screen asks for. */
const MOST_MEASURES = 32;

/** Measures a tree bit by bit, so that it need not be measured at once. */
type Measuring<T> = (tree: Tree<T>) => Steps<void>;

/** Values that are measured in one step. */
const AT_ONCE = 64;

/** What is worked out of values: at once, or ahead of the question, bit by bit. */
export type Measured<T, M> = {
  (of: Ordered<T>): M;
  readonly steps: (of: Ordered<T>) => Steps<void>;
};

/** Measures values, each part of them once: after a change, only what changed and the branches above it. */
export function createMeasure<T, M extends object>(measure: Measure<T, M>): Measured<T, M> {
  const { empty, one, combine } = measure;
  // A look through a few is quicker than a map, and a map for each measure would hold up the collection of garbage.
  const placeIn = ({ measures }: Branch<T>): number => (measures === null ? -1 : measures.indexOf(measure));
  const measured = (branch: Branch<T>): M => {
    const { value, left, right, measures } = branch;
    const place = placeIn(branch);
    if (measures !== null && place !== -1) return measures[place + 1] as M;
    let sum = one(value);
    if (left !== null) sum = combine(measured(left), sum);
    if (right !== null) sum = combine(sum, measured(right));
    if (measures === null) return sum;
    if (measures.length >= 2 * MOST_MEASURES) measures.length = 0;
    measures.push(measure, sum);
    return sum;
  };
  function* inSteps(tree: Tree<T>): Steps<void> {
    // So small a tree keeps nothing.
    if (tree === null) return;
    if (tree.measures === null || placeIn(tree) !== -1) return;
    if (tree.count > AT_ONCE) {
      yield* inSteps(tree.left);
      yield* inSteps(tree.right);
    }
    measured(tree);
    yield;
  }
  return Object.assign(
    (of: Ordered<T>): M => {
      of.asks(inSteps);
      return of.root === null ? empty : measured(of.root);
    },
    { steps: (of: Ordered<T>) => inSteps(of.root) },
  );
}
