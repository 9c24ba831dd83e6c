import type { Clock } from './clock.ts';

/** What a watch told since the last batch: the latest of each object, and who is gone. */
export type Changes<T> = { readonly deleted: readonly string[]; readonly changed: readonly T[] };

export type ChangeBatch<T> = {
  readonly change: (item: T) => void;
  readonly remove: (uid: string) => void;
  /** Tells what is gathered now if it was quiet before, else within `WINDOW`; waits while the receiver is behind. */
  readonly flush: () => Promise<void>;
  /** Tells what is gathered and leaves no timer. */
  readonly end: () => Promise<void>;
};

const WINDOW = 75;
const LARGEST = 500;

/**
 * Gathers the changes of a watch, so that hundreds a second are few batches. A uid that is gone never comes back, so
 * deletions are told first: an object re-created under its name is then never taken for the old one.
 */
export function createChangeBatch<T extends { readonly uid: string }>(
  clock: Clock,
  tell: (changes: Changes<T>) => void | Promise<void>,
): ChangeBatch<T> {
  let changed = new Map<string, T>();
  let deleted: string[] = [];
  let cancel: (() => void) | null = null;
  let told = Promise.resolve();

  const tellAll = () => {
    const items = [...changed.values()];
    const gone = deleted;
    changed = new Map();
    deleted = [];
    told = told.then(async () => {
      for (let start = 0; start < Math.max(items.length, gone.length); start += LARGEST)
        await tell({ deleted: gone.slice(start, start + LARGEST), changed: items.slice(start, start + LARGEST) });
    });
    return told;
  };
  const isEmpty = () => changed.size === 0 && deleted.length === 0;
  const rest = () => {
    cancel = clock.after(WINDOW, () => {
      cancel = null;
      if (isEmpty()) return;
      rest();
      // A receiver that throws is heard by the reading loop, which waits for the same promise.
      tellAll().catch(() => undefined);
    });
  };

  return {
    change: (item) => changed.set(item.uid, item),
    remove: (uid) => {
      changed.delete(uid);
      deleted.push(uid);
    },
    flush: async () => {
      if (isEmpty()) return told;
      if (cancel !== null && changed.size + deleted.length < LARGEST) return told;
      if (cancel === null) rest();
      return tellAll();
    },
    end: async () => {
      cancel?.();
      cancel = null;
      return isEmpty() ? told : tellAll();
    },
  };
}
