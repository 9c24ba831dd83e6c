import type { KubernetesObject } from '../wire.ts';
import { keyOf, type Collection } from '../world/store.ts';
import type { ListMetadata } from './present.ts';
import type { Resource } from './resource.ts';
import { fieldRequirements, labelSelector } from './selectors.ts';
import { badRequest, expired, invalid, Refusal, resourceVersionTooLarge, type Cause } from './status.ts';

/** What a list or watch is about: a resource, perhaps one namespace of it, perhaps a selection. */
export type Selection = {
  namespace: string | null;
  /** Nothing is selected away: then a page can say how many objects remain. */
  everything: boolean;
  selects: (object: KubernetesObject) => boolean;
};

const NO_LABELS = {};

/** Reads the selectors of a request. Throws the 400 of a selector that cannot be read or names an unknown field. */
export function selectionOf(resource: Resource, query: URLSearchParams, namespace: string | null): Selection {
  const labelText = query.get('labelSelector') ?? '';
  const fieldText = query.get('fieldSelector') ?? '';
  const byLabels = labelText === '' ? null : labelSelector(labelText);
  const byFields = fieldRequirements(fieldText).map(({ field, equal, value }) => {
    const read = resource.fields[field];
    if (!read) throw badRequest(`field label not supported: ${field}`);
    return (object: KubernetesObject) => (read(object) === value) === equal;
  });
  return {
    namespace,
    everything: byLabels === null && byFields.length === 0,
    selects: (object) =>
      (namespace === null || object.metadata.namespace === namespace) &&
      byFields.every((matches) => matches(object)) &&
      (byLabels === null || byLabels(object.metadata.labels ?? NO_LABELS)),
  };
}

/** A resourceVersion of a query, or null when none is given. Throws the 500 that the real server answers. */
export function revisionOf(query: URLSearchParams): number | null {
  const text = query.get('resourceVersion') ?? '';
  if (text === '') return null;
  if (!/^\d+$/.test(text)) {
    const cause = `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
    throw new Refusal(500, null, `resourceVersion: Invalid value: ${JSON.stringify(text)}: ${cause}`);
  }
  return Number(text);
}

const LIST_OPTIONS = { group: 'meta.k8s.io', kind: 'ListOptions' };
const forbiddenField = (field: string, why: string): Cause => ({
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${why}`,
  field,
});

/** Refuses combinations of options that mean nothing, and streaming lists, which 1.29 has behind a feature gate. */
export function validateListOptions(query: URLSearchParams, watch: boolean): void {
  const causes: Cause[] = [];
  const match = query.get('resourceVersionMatch') ?? '';
  const version = query.get('resourceVersion') ?? '';
  const initialEvents = query.has('sendInitialEvents');
  if (initialEvents && match !== 'NotOlderThan') {
    causes.push(
      forbiddenField('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'),
    );
  }
  if (match !== '' && !initialEvents) causes.push(...matchCauses(match, version, watch, query.has('continue')));
  if (initialEvents) {
    const why = watch
      ? 'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled'
      : 'sendInitialEvents is forbidden for list';
    causes.push(forbiddenField('sendInitialEvents', why));
  }
  if (causes.length > 0) throw invalid(LIST_OPTIONS, '', causes);
}

function matchCauses(match: string, version: string, watch: boolean, paged: boolean): Cause[] {
  const forbid = (why: string): Cause[] => [forbiddenField('resourceVersionMatch', why)];
  if (watch) return forbid('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
  if (version === '') return forbid('resourceVersionMatch is forbidden unless resourceVersion is provided');
  if (paged) return forbid('resourceVersionMatch is forbidden when continue is provided');
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    const message = `Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan", ""`;
    return [{ reason: 'FieldValueNotSupported', message, field: 'resourceVersionMatch' }];
  }
  if (match === 'Exact' && version === '0') {
    return forbid('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  }
  return [];
}

/** Where a page ends: the revision that all pages show, or -1 for "whatever is there now", and the first key left. */
type Continue = { revision: number; start: string };

/** The token of the next page, in the form of the real one. A key ends with a zero byte: the next key in order. */
export const encodeContinue = ({ revision, start }: Continue): string =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: `${start}\0` })).toString('base64url');

function decodeContinue(token: string): Continue {
  const text = Buffer.from(token, 'base64url').toString('latin1');
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && 'rv' in parsed && 'start' in parsed) {
      const { rv, start } = parsed;
      if (typeof rv === 'number' && typeof start === 'string') {
        return { revision: rv, start: start.endsWith('\0') ? start.slice(0, -1) : start };
      }
    }
  } catch {
    const first = text.charCodeAt(0);
    const shown = first < 0x20 || first > 0x7e ? `\\u${first.toString(16).padStart(4, '0')}` : text.charAt(0);
    throw badRequest(
      `invalid continue token: continue key is not valid: invalid character '${shown}' looking for beginning of value`,
    );
  }
  throw badRequest(
    'invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)',
  );
}

const TOO_OLD_TO_CONTINUE =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

export type Page = { objects: KubernetesObject[]; metadata: ListMetadata };

/** One list or page, at the revision that the request asks for. Throws 400, 410, 422, 500 and 504. */
export function listPage(collection: Collection, selection: Selection, query: URLSearchParams): Page {
  validateListOptions(query, false);
  const wanted = revisionOf(query);
  const token = query.get('continue') ?? '';
  const limit = limitOf(query);
  if (token !== '') {
    if (wanted !== null && wanted !== 0) {
      throw badRequest('specifying resource version is not allowed when using continue');
    }
    return page(collection, selection, decodeContinue(token), limit);
  }
  const { current } = collection.revisions;
  if (wanted !== null && wanted > current) throw resourceVersionTooLarge(wanted, current);
  // From the cache of the server, which knows no pages.
  if (wanted === 0) return page(collection, selection, { revision: -1, start: '' }, null);
  const exact =
    wanted !== null &&
    (query.get('resourceVersionMatch') === 'Exact' || (limit !== null && !query.has('resourceVersionMatch')));
  return page(collection, selection, { revision: exact ? wanted : -1, start: '' }, limit);
}

function limitOf(query: URLSearchParams): number | null {
  const limit = Number(query.get('limit'));
  return Number.isInteger(limit) && limit > 0 ? limit : null;
}

function page(collection: Collection, selection: Selection, from: Continue, limit: number | null): Page {
  const revision = from.revision === -1 ? collection.revisions.current : from.revision;
  const objects = revision === collection.revisions.current ? collection.all() : collection.at(revision);
  if (!objects) {
    if (from.start === '') throw expired('The resourceVersion for the provided list is too old.');
    throw expired(TOO_OLD_TO_CONTINUE, { continue: encodeContinue({ ...from, revision: -1 }) });
  }
  const [first, last] = stretch(objects, selection.namespace);
  const start = from.start === '' ? first : Math.max(first, firstAfter(objects, from.start));
  return cut(objects, start, last, selection, revision, limit);
}

/** The place of the first object whose key comes after a text. */
function firstAfter(objects: readonly KubernetesObject[], text: string): number {
  let low = 0;
  let high = objects.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const object = objects[middle];
    if (object && keyOf(object) <= text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Objects lie in order of key, so those of a namespace lie together: between `name/` and `name0`. */
function stretch(objects: readonly KubernetesObject[], namespace: string | null): [first: number, end: number] {
  return namespace === null
    ? [0, objects.length]
    : [firstAfter(objects, `${namespace}/`), firstAfter(objects, `${namespace}0`)];
}

function cut(
  objects: readonly KubernetesObject[],
  start: number,
  end: number,
  { selects, everything }: Selection,
  revision: number,
  limit: number | null,
): Page {
  const resourceVersion = String(revision);
  const taken: KubernetesObject[] = [];
  for (let place = start; place < end; place += 1) {
    const object = objects[place];
    if (!object || (!everything && !selects(object))) continue;
    const last = taken.at(-1);
    if (limit !== null && taken.length === limit && last) {
      const token = encodeContinue({ revision, start: keyOf(last) });
      // A server that selects cannot know how many of the rest are selected, so it does not say.
      const remaining = everything ? { remainingItemCount: end - place } : {};
      return { objects: taken, metadata: { resourceVersion, continue: token, ...remaining } };
    }
    taken.push(object);
  }
  return { objects: taken, metadata: { resourceVersion } };
}
