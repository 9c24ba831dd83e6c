import type { Node, ObjectMeta, Taint } from '../wire.ts';
import { isObject, type Json, type JsonObject } from './patch.ts';
import type { Cause } from './status.ts';

/**
 * The rules by which the API server refuses metadata and nodes, in its words (apimachinery: validation of metadata;
 * Kubernetes 1.29: validation of Node).
 */
const LABEL_VALUE = {
  pattern: /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/,
  told: "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
};
const QUALIFIED_NAME = {
  pattern: /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/,
  told: "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
};
const SUBDOMAIN = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  told: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
};
const atMost = (length: number): string => `must be no more than ${length} characters`;

/** What is wrong with a label or taint key, one sentence each. */
export function keyErrors(key: string): string[] {
  const parts = key.split('/');
  if (parts.length > 2) {
    return [
      `a qualified name ${QUALIFIED_NAME.told} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const [prefix, name = ''] = parts.length === 2 ? parts : [undefined, key];
  const errors: string[] = [];
  if (prefix === '') errors.push('prefix part must be non-empty');
  else if (prefix !== undefined) {
    if (prefix.length > 253) errors.push(`prefix part ${atMost(253)}`);
    if (!SUBDOMAIN.pattern.test(prefix)) errors.push(`prefix part ${SUBDOMAIN.told}`);
  }
  if (name === '') errors.push('name part must be non-empty');
  else if (name.length > 63) errors.push(`name part ${atMost(63)}`);
  if (!QUALIFIED_NAME.pattern.test(name)) errors.push(`name part ${QUALIFIED_NAME.told}`);
  return errors;
}

/** What is wrong with a label or taint value. */
export function valueErrors(value: string): string[] {
  const errors = value.length > 63 ? [atMost(63)] : [];
  return LABEL_VALUE.pattern.test(value) ? errors : [...errors, LABEL_VALUE.told];
}

const invalidValue = (field: string, value: string, why: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
  field,
});

const forbiddenChange = (field: string, why: string): Cause => ({
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${why}`,
  field,
});

function labelCauses(labels: Readonly<Record<string, string>>): Cause[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...keyErrors(key).map((why) => invalidValue('metadata.labels', key, why)),
    ...valueErrors(value).map((why) => invalidValue('metadata.labels', value, why)),
  ]);
}

function annotationCauses(annotations: Readonly<Record<string, string>>): Cause[] {
  return Object.keys(annotations).flatMap((key) =>
    keyErrors(key.toLowerCase()).map((why) => invalidValue('metadata.annotations', key, why)),
  );
}

function immutableCauses(before: ObjectMeta, after: ObjectMeta): Cause[] {
  const fields = ['uid', 'creationTimestamp'] as const;
  return fields
    .filter((field) => before[field] !== after[field])
    .map((field) => invalidValue(`metadata.${field}`, after[field], 'field is immutable'));
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

function taintCauses(taints: readonly Taint[]): Cause[] {
  const seen = new Set<string>();
  return taints.flatMap((taint, index) => {
    const field = `metadata.taints[${index}]`;
    const { key, value = '', effect } = taint as Partial<Taint>;
    const causes = [
      ...keyErrors(key ?? '').map((why) => invalidValue(`${field}.key`, key ?? '', why)),
      ...valueErrors(value).map((why) => invalidValue(`${field}.value`, value, why)),
      ...effectCauses(`${field}.effect`, effect ?? ''),
    ];
    const pair = `${effect ?? ''} ${key ?? ''}`;
    if (seen.has(pair)) causes.push(duplicateTaint(field, taint));
    seen.add(pair);
    return causes;
  });
}

function effectCauses(field: string, effect: string): Cause[] {
  if (effect === '') return [{ reason: 'FieldValueRequired', message: 'Required value', field }];
  if (EFFECTS.includes(effect)) return [];
  const supported = EFFECTS.map((each) => `"${each}"`).join(', ');
  const message = `Unsupported value: ${JSON.stringify(effect)}: supported values: ${supported}`;
  return [{ reason: 'FieldValueNotSupported', message, field }];
}

function duplicateTaint(field: string, { key, value = '', effect, timeAdded }: Taint): Cause {
  const added = timeAdded ?? '<nil>';
  const shown = `core.Taint{Key:${JSON.stringify(key)}, Value:${JSON.stringify(value)}, Effect:${JSON.stringify(effect)}, TimeAdded:${added}}`;
  const message = `Duplicate value: ${shown}: taints must be unique by key and effect pair`;
  return { reason: 'FieldValueDuplicate', message, field };
}

/** Fields of a node that may be set once and then never changed. */
function settledCauses(before: Node, after: Node): Cause[] {
  const { podCIDRs: cidrsBefore = [], providerID: idBefore } = before.spec;
  const { podCIDRs: cidrsAfter = [], providerID: idAfter } = after.spec;
  const told = (field: string): string => `node updates may not change ${field} except from "" to valid`;
  return [
    ...(cidrsBefore.length > 0 && cidrsBefore.join() !== cidrsAfter.join()
      ? [forbiddenChange('spec.podCIDRs', told('podCIDR'))]
      : []),
    ...(idBefore !== undefined && idBefore !== idAfter ? [forbiddenChange('spec.providerID', told('providerID'))] : []),
  ];
}

/** The real server walks these rules several times over for an update, and lists what it finds each time. */
const repeated = (causes: readonly Cause[], times: number): Cause[] =>
  Array.from({ length: times }, () => causes).flat();

/** What is wrong with the metadata of an object, against its former state when it is an update. */
export function metadataCauses(before: ObjectMeta | null, after: ObjectMeta): Cause[] {
  const { labels = {}, annotations = {} } = after;
  return [
    ...repeated([...labelCauses(labels), ...annotationCauses(annotations)], before ? 4 : 1),
    ...(before ? repeated(immutableCauses(before, after), 2) : nameCauses(after.name)),
  ];
}

function nameCauses(name: string): Cause[] {
  if (name === '') {
    return [
      {
        reason: 'FieldValueRequired',
        message: 'Required value: name or generateName is required',
        field: 'metadata.name',
      },
    ];
  }
  return [...(name.length > 253 ? [atMost(253)] : []), ...(SUBDOMAIN.pattern.test(name) ? [] : [SUBDOMAIN.told])].map(
    (why) => invalidValue('metadata.name', name, why),
  );
}

/** What is wrong with a node beside its metadata. */
export const nodeCauses = (before: Node | null, after: Node): Cause[] => [
  ...repeated(taintCauses(after.spec.taints ?? []), before ? 2 : 1),
  ...(before ? settledCauses(before, after) : []),
];

type FieldType = 'string' | 'bool' | 'map[string]string' | '[]string' | '[]v1.Taint';

/** Fields of which the type is checked, with the Go type that the message names: all that this server itself reads. */
const NODE_SPEC_FIELDS: Readonly<Record<string, FieldType | 'any'>> = {
  podCIDR: 'string',
  podCIDRs: '[]string',
  providerID: 'string',
  unschedulable: 'bool',
  taints: '[]v1.Taint',
  configSource: 'any',
  externalID: 'string',
};
const METADATA_FIELDS: Readonly<Record<string, FieldType>> = {
  name: 'string',
  namespace: 'string',
  uid: 'string',
  resourceVersion: 'string',
  labels: 'map[string]string',
  annotations: 'map[string]string',
};

const goType = (value: Json): string => {
  if (Array.isArray(value)) return 'array';
  return isObject(value) ? 'object' : typeof value === 'boolean' ? 'bool' : typeof value;
};

function mismatch(structure: string, path: string, value: Json, type: string): string {
  return `json: cannot unmarshal ${goType(value)} into Go struct field ${structure}.${path} of type ${type}`;
}

function typeError(structure: string, path: string, value: Json, type: FieldType): string | null {
  const wrongItem = (items: readonly Json[]): string | null => {
    const wrong = items.find((item) => typeof item !== 'string' && item !== null);
    return wrong === undefined ? null : mismatch(structure, path, wrong, 'string');
  };
  switch (type) {
    case 'string':
      return typeof value === 'string' ? null : mismatch(structure, path, value, type);
    case 'bool':
      return typeof value === 'boolean' ? null : mismatch(structure, path, value, type);
    case 'map[string]string':
      return isObject(value) ? wrongItem(Object.values(value)) : mismatch(structure, path, value, type);
    case '[]string':
      return Array.isArray(value) ? wrongItem(value) : mismatch(structure, path, value, type);
    case '[]v1.Taint':
      if (!Array.isArray(value)) return mismatch(structure, path, value, type);
      return value.flatMap((taint) => taintTypeError(path, taint) ?? [])[0] ?? null;
  }
}

function taintTypeError(path: string, taint: Json): string | null {
  if (!isObject(taint)) return mismatch('NodeSpec', path, taint, 'v1.Taint');
  const wrong = ['key', 'value', 'effect'].find((field) => {
    const value = taint[field];
    return value !== undefined && value !== null && typeof value !== 'string';
  });
  return wrong === undefined ? null : mismatch('Taint', `${path}.${wrong}`, taint[wrong] ?? null, 'string');
}

/** The first field of a document whose type is wrong, as the server's decoder tells it; null when all are right. */
export function decodingError(kind: string, document: JsonObject): string | null {
  const parts: [part: string, structure: string, fields: Readonly<Record<string, FieldType | 'any'>>][] = [
    ['metadata', 'ObjectMeta', METADATA_FIELDS],
    ...(kind === 'Node'
      ? ([['spec', 'NodeSpec', NODE_SPEC_FIELDS]] as const).map(
          (each) => [...each] as [string, string, typeof NODE_SPEC_FIELDS],
        )
      : []),
  ];
  for (const [part, structure, fields] of parts) {
    const values = document[part];
    if (!isObject(values)) continue;
    for (const [field, type] of Object.entries(fields)) {
      const value = values[field];
      if (value === undefined || value === null || type === 'any') continue;
      const error = typeError(structure, `${part}.${field}`, value, type);
      if (error !== null) return error;
    }
  }
  return leaseTimeError(kind, document);
}

const MICRO_TIME = '2006-01-02T15:04:05.000000Z07:00';
const LEASE_TIMES = ['acquireTime', 'renewTime'];

/** What the decoder says of a time that is to have microseconds and has none, or is no time at all. */
function microTimeError(value: Json | undefined): string | null {
  if (typeof value !== 'string') return null;
  const [, rest] = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(.*)$/.exec(value) ?? [];
  if (rest !== undefined && /^\.\d{6}(Z|[+-]\d\d:\d\d)$/.test(rest)) return null;
  const [found, wanted] = rest === undefined ? [value, '2006'] : [rest, '.000000'];
  const quoted = (text: string): string => JSON.stringify(text);
  return `parsing time ${quoted(value)} as ${quoted(MICRO_TIME)}: cannot parse ${quoted(found)} as ${quoted(wanted)}`;
}

function leaseTimeError(kind: string, { spec }: JsonObject): string | null {
  if (kind !== 'Lease' || !isObject(spec)) return null;
  return LEASE_TIMES.flatMap((field) => microTimeError(spec[field]) ?? [])[0] ?? null;
}

/** Fields of a node's spec that no Kubernetes knows: dropped with a warning, or refused when validation is strict. */
export function unknownFields(kind: string, document: JsonObject): string[] {
  const spec = document['spec'];
  if (kind !== 'Node' || !isObject(spec)) return [];
  return Object.keys(spec)
    .filter((field) => !Object.hasOwn(NODE_SPEC_FIELDS, field))
    .map((field) => `spec.${field}`);
}
