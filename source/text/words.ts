/** "1 node", "3 nodes"; `many` where the plural is more than an s. */
export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** "a", "a and b", "a, b and c"; where there are more than `most`, "a, b and 3 more". Empty for no items. */
export function list(items: readonly string[], most = Infinity): string {
  const shown = items.slice(0, most);
  const last = items.length > shown.length ? `${items.length - shown.length} more` : shown.pop();
  if (last === undefined) return '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}

/** With its first letter large. */
export const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** A clause as a sentence. */
export const asSentence = (clause: string): string => `${capital(clause)}.`;
