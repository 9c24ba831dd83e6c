import { hash, randomUUID } from 'node:crypto';

/**
 * Tells what is news of rows that were told before, by a digest of each: a Node is written every five minutes by its
 * kubelet, and next to nothing of that changes its row.
 */
export type News<T> = {
  /** Whether the row differs from the last of its uid; it is remembered from now on. */
  readonly isNews: (row: T) => boolean;
  readonly forget: (uid: string) => void;
  readonly forgetAll: () => void;
};

/** Bytes of a digest that are kept: as many as a number holds exactly. Two rows are taken for one once in 2^48. */
const KEPT = 6;

/**
 * Rows are equal when their JSON is; those of one decoder have their fields in one order. What no one else knows of the
 * digest is `salt`: without it, who writes an object could look for two of its states that are taken for one.
 */
export function createNews<T extends { readonly uid: string }>(salt: string = randomUUID()): News<T> {
  const digests = new Map<string, number>();
  const digestOf = (row: T) => hash('sha1', salt + JSON.stringify(row), 'buffer').readUIntBE(0, KEPT);
  return {
    isNews: (row) => {
      const digest = digestOf(row);
      if (digests.get(row.uid) === digest) return false;
      digests.set(row.uid, digest);
      return true;
    },
    forget: (uid) => digests.delete(uid),
    forgetAll: () => digests.clear(),
  };
}
