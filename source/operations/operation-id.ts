/** Characters of an id after the time: 36^4 of them a millisecond. */
const RANDOM_LENGTH = 4;

/**
 * A short id that sorts by time: the milliseconds in base 36, then four random characters.
 *
 * @param random uniform in [0, 1), as Math.random
 */
export function operationId(now: number, random: () => number): string {
  const tail = Array.from({ length: RANDOM_LENGTH }, () => Math.floor(random() * 36).toString(36));
  return Math.floor(now).toString(36).padStart(9, '0') + tail.join('');
}
