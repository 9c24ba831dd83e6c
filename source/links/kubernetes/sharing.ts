const MOST = 10_000;

/**
 * One object for each distinct value, so that rows which agree share it. Emptied when full: then only memory is lost.
 */
export function createSharing(): <T>(value: T) => T {
  const held = new Map<string, unknown>();
  return (value) => {
    const key = JSON.stringify(value);
    const before = held.get(key);
    if (before !== undefined) return before as typeof value;
    if (held.size >= MOST) held.clear();
    held.set(key, value);
    return value;
  };
}
