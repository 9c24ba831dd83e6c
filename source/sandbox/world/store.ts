import type { SandboxClock } from '../clock.ts';
import type { KubernetesObject } from '../wire.ts';

/** One write to a collection, as a watch tells it. A removal carries the last state at the revision of the removal. */
export type Change<T extends KubernetesObject = KubernetesObject> = {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  revision: number;
  at: number;
  key: string;
  object: T;
  previous: T | null;
};

/** How long the past of a collection stays known: etcd is compacted every five minutes by default, sooner when much happens. */
const HISTORY_MILLISECONDS = 5 * 60_000;
const HISTORY_CHANGES = 60_000;
/** Pasts that are kept ready, for as many lists that are read page by page at a time. */
const KEPT_PASTS = 4;

/** The one counter of all writes: a resourceVersion never goes back and is never used twice. */
export class Revisions {
  current: number;
  constructor(start: number) {
    this.current = start;
  }
  next(): number {
    this.current += 1;
    return this.current;
  }
}

/** The place of an object in its collection: `namespace/name`, or `name` where there are no namespaces. */
export const keyOf = ({ metadata: { namespace, name } }: KubernetesObject): string =>
  namespace === undefined ? name : `${namespace}/${name}`;

/**
 * All objects of one resource, ordered by key, with enough of their past to read an older revision and to resume a
 * watch. Objects are never changed in place.
 */
export class Collection<T extends KubernetesObject = KubernetesObject> {
  readonly revisions: Revisions;
  readonly #clock: SandboxClock;
  readonly #objects = new Map<string, T>();
  readonly #listeners = new Set<(change: Change<T>) => void>();
  #history: Change<T>[] = [];
  #compacted: number;
  readonly #pasts = new Map<number, readonly T[]>();
  #sorted: readonly T[] = [];
  /** Keys written since the order was last put right. */
  readonly #touched = new Set<string>();

  constructor(revisions: Revisions, clock: SandboxClock) {
    this.revisions = revisions;
    this.#clock = clock;
    this.#compacted = revisions.current;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  keys(): Iterable<string> {
    return this.#objects.keys();
  }

  values(): Iterable<T> {
    return this.#objects.values();
  }

  /** Puts an object there as part of the past: nobody is told and no watch can start before it. */
  seed(object: T): T {
    const revision = this.revisions.next();
    const stored = withRevision(object, revision);
    const key = keyOf(stored);
    this.#objects.set(key, stored);
    this.#touched.add(key);
    this.#compacted = revision;
    return stored;
  }

  /** Creates or replaces an object and gives it the next resourceVersion. */
  put(object: T): T {
    const key = keyOf(object);
    const revision = this.revisions.next();
    const stored = withRevision(object, revision);
    const previous = this.#objects.get(key) ?? null;
    this.#objects.set(key, stored);
    this.#touched.add(key);
    this.#record({ type: previous ? 'MODIFIED' : 'ADDED', revision, key, object: stored, previous });
    return stored;
  }

  /** Changes an object if it is there; a change that answers the object itself writes nothing. */
  update(key: string, change: (object: T) => T): T | undefined {
    const present = this.#objects.get(key);
    if (!present) return undefined;
    const changed = change(present);
    return changed === present ? present : this.put(changed);
  }

  remove(key: string): T | undefined {
    const previous = this.#objects.get(key);
    if (!previous) return undefined;
    this.#objects.delete(key);
    this.#touched.add(key);
    const revision = this.revisions.next();
    const object = withRevision(previous, revision);
    this.#record({ type: 'DELETED', revision, key, object, previous });
    return object;
  }

  /** Every object in order of key. The array is shared and never changed afterwards. */
  all(): readonly T[] {
    if (this.#touched.size === 0) return this.#sorted;
    if (this.#sorted.length === 0) this.#sorted = this.#inOrder();
    else this.#sorted = this.#withChanges(this.#sorted, this.#latest(this.#touched));
    this.#touched.clear();
    return this.#sorted;
  }

  /**
   * Every object as it was at a revision, or null when that past has been forgotten. The pages of one list ask for the
   * same past again and again, so the last few answers are kept.
   */
  at(revision: number): readonly T[] | null {
    if (revision < this.#compacted) return null;
    const known = this.#pasts.get(revision);
    if (known) return known;
    const undone = new Map<string, T | null>();
    for (let index = this.#history.length - 1; index >= 0; index -= 1) {
      const change = this.#history[index];
      if (!change || change.revision <= revision) break;
      undone.set(change.key, change.previous);
    }
    if (undone.size === 0) return this.all();
    const past = this.#withChanges(this.all(), undone);
    if (this.#pasts.size >= KEPT_PASTS) this.#pasts.clear();
    this.#pasts.set(revision, past);
    return past;
  }

  /** What happened after a revision, oldest first, or null when part of it has been forgotten. */
  since(revision: number): Change<T>[] | null {
    if (revision < this.#compacted) return null;
    let first = this.#history.length;
    while (first > 0 && (this.#history[first - 1]?.revision ?? revision) > revision) first -= 1;
    return this.#history.slice(first);
  }

  /** The oldest revision from which a watch can start. */
  get oldest(): number {
    return this.#compacted;
  }

  /** Forgets all of the past, as a compaction of etcd does. */
  compact(): void {
    this.#history = [];
    this.#pasts.clear();
    this.#compacted = this.revisions.current;
  }

  subscribe(listener: (change: Change<T>) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #inOrder(): readonly T[] {
    return [...this.#objects.keys()].sort().flatMap((key) => this.#objects.get(key) ?? []);
  }

  #latest(keys: Iterable<string>): ReadonlyMap<string, T | null> {
    return new Map(Array.from(keys, (key) => [key, this.#objects.get(key) ?? null]));
  }

  /** A copy with some keys put right: a list that is being sent keeps the array that it has. */
  #withChanges(sorted: readonly T[], changes: ReadonlyMap<string, T | null>): readonly T[] {
    const merged: T[] = [];
    let taken = 0;
    for (const key of [...changes.keys()].sort()) {
      const position = this.#position(sorted, key);
      for (const object of sorted.slice(taken, position)) merged.push(object);
      const there = sorted[position];
      const object = changes.get(key);
      if (object) merged.push(object);
      taken = there && keyOf(there) === key ? position + 1 : position;
    }
    return merged.concat(sorted.slice(taken));
  }

  #position(sorted: readonly T[], key: string): number {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const object = sorted[middle];
      if (object && keyOf(object) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #record(change: Omit<Change<T>, 'at'>): void {
    const at = this.#clock.now();
    const recorded = { ...change, at };
    this.#history.push(recorded);
    this.#forget(at - HISTORY_MILLISECONDS);
    for (const listener of [...this.#listeners]) listener(recorded);
  }

  #forget(horizon: number): void {
    let count = Math.max(0, this.#history.length - HISTORY_CHANGES);
    while (count < this.#history.length && (this.#history[count]?.at ?? horizon) < horizon) count += 1;
    // Dropped in batches: taking one element off the front of a long array on each write would cost more.
    if (count < 256) return;
    this.#compacted = this.#history[count - 1]?.revision ?? this.#compacted;
    this.#history.splice(0, count);
  }
}

function withRevision<T extends KubernetesObject>(object: T, revision: number): T {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}
