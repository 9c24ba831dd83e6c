import { keptFor, SHARED_PARTS } from './shared-parts.ts';

const isPart = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The halves of an object, in which the parts lie that are shared. */
const SECTIONS: ReadonlySet<string> = new Set(['metadata', 'spec', 'status']);

const sharedText = keptFor((value) => JSON.stringify(value));

/** Names of fields as they stand before their values. */
const names = new Map<string, string>();
const KEPT_NAMES = 1000;

function nameText(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  if (names.size >= KEPT_NAMES) names.clear();
  const text = `${JSON.stringify(name)}:`;
  names.set(name, text);
  return text;
}

/** An object as JSON; a field that is undefined is left out. */
function braced(object: Readonly<Record<string, unknown>>, textOf: (name: string, value: unknown) => string): string {
  let text = '{';
  for (const name in object) {
    const value = object[name];
    if (value === undefined) continue;
    text += text === '{' ? nameText(name) : `,${nameText(name)}`;
    text += textOf(name, value);
  }
  return `${text}}`;
}

const partText = (name: string, value: unknown): string =>
  SHARED_PARTS.has(name) && typeof value === 'object' && value !== null ? sharedText(value) : JSON.stringify(value);

const sectionText = (name: string, value: unknown): string =>
  SECTIONS.has(name) && isPart(value)
    ? braced(value as Readonly<Record<string, unknown>>, partText)
    : JSON.stringify(value);

/** Exactly what `JSON.stringify` makes of an object of Kubernetes, from texts of its parts that are kept. */
export const jsonText = (object: object): string => braced(object as Readonly<Record<string, unknown>>, sectionText);

/** The same of the metadata of an object alone. */
export const metadataText = (metadata: object): string =>
  braced(metadata as Readonly<Record<string, unknown>>, partText);
