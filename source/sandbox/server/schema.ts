import { isObject, type Json } from './patch.ts';
import type { Cause } from './status.ts';

/** What a structural schema says of a value, as much of it as custom resources here need (OpenAPI v3). */
export type Schema = {
  type: 'object' | 'array' | 'string' | 'intOrString';
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  values?: readonly string[];
  pattern?: RegExp;
};

const typeOf = (value: Json): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
};

const fits = (value: Json, type: Schema['type']): boolean => {
  const found = typeOf(value);
  return type === 'intOrString' ? found === 'integer' || found === 'string' : found === type;
};

const invalidType = (field: string, value: Json, type: Schema['type']): Cause => {
  const found = JSON.stringify(typeOf(value));
  const wanted = type === 'intOrString' ? 'integer,string' : type;
  const message = `Invalid value: ${found}: ${field} in body must be of type ${wanted}: ${found}`;
  return { reason: 'FieldValueTypeInvalid', message, field };
};

/** What is wrong with a value, in the words of the API server; nothing when it fits. Fields of no schema are let be. */
export function schemaCauses(schema: Schema, value: Json | undefined, field: string): Cause[] {
  if (value === undefined) return [];
  if (!fits(value, schema.type)) return [invalidType(field, value, schema.type)];
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.flatMap((item, index) => schemaCauses(items, item, `${field}[${index}]`)) : [];
  }
  if (isObject(value)) {
    const at = (name: string): string => (field === '' ? name : `${field}.${name}`);
    const missing = (schema.required ?? []).filter((name) => value[name] === undefined);
    return [
      ...Object.entries(schema.properties ?? {}).flatMap(([name, below]) => schemaCauses(below, value[name], at(name))),
      ...missing.map((name): Cause => ({ reason: 'FieldValueRequired', message: 'Required value', field: at(name) })),
    ];
  }
  return typeof value === 'string' ? textCauses(schema, value, field) : [];
}

function textCauses({ values, pattern }: Schema, value: string, field: string): Cause[] {
  if (values && !values.includes(value)) {
    const supported = values.map((each) => `"${each}"`).join(', ');
    const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`;
    return [{ reason: 'FieldValueNotSupported', message, field }];
  }
  if (!pattern || pattern.test(value)) return [];
  const message = `Invalid value: ${JSON.stringify(value)}: ${field} in body should match '${pattern.source}'`;
  return [{ reason: 'FieldValueInvalid', message, field }];
}
