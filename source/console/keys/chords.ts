import { keysOf, type Command } from './key-table.ts';
import type { Scope } from './scopes.ts';

/** What a key means: a command, the first half of a two-key one, or nothing here. */
export type Meaning =
  { readonly kind: 'command'; readonly command: Command } | { readonly kind: 'prefix' } | { readonly kind: 'none' };

/**
 * Looks a key up in a scope. `pending` is the first half of a two-key command, or empty; a second half that fits
 * nothing is looked up alone, so that no key press is lost.
 */
export function meaningOf(scope: Scope, mayWrite: boolean, pending: string, key: string): Meaning {
  const entries = keysOf(scope, mayWrite);
  const find = (name: string) => entries.find((entry) => entry.keys.includes(name));
  const whole = pending === '' ? undefined : find(pending + key);
  const entry = whole ?? find(key);
  if (entry !== undefined) return { kind: 'command', command: entry.command };
  const isPrefix = entries.some(({ keys }) => keys.some((name) => name.length === 2 && name.startsWith(key)));
  return isPrefix ? { kind: 'prefix' } : { kind: 'none' };
}
