import { badRequest } from './status.ts';

/** Whether an object with these labels, or these fields, is selected. */
export type LabelSelector = (labels: Readonly<Record<string, string>>) => boolean;

type Requirement = { key: string; operator: 'in' | 'notin' | '=' | '!=' | 'exists' | '!'; values: readonly string[] };

const SYMBOLS = ['==', '!=', '=', '!', ',', '(', ')', '<', '>'] as const;

/** Words and symbols of the selector grammar; a word ends at a space or a symbol. */
function tokens(text: string): string[] {
  const found: string[] = [];
  let position = 0;
  while (position < text.length) {
    const rest = text.slice(position);
    const space = /^\s+/.exec(rest);
    const symbol = SYMBOLS.find((each) => rest.startsWith(each));
    const token = space?.[0] ?? symbol ?? /^[^\s=!,()<>]+/.exec(rest)?.[0] ?? rest.charAt(0);
    if (!space) found.push(token);
    position += token.length;
  }
  return found;
}

const isWord = (token: string | undefined): token is string =>
  token !== undefined && !(SYMBOLS as readonly string[]).includes(token);
const quoted = (token: string | undefined): string => `'${token ?? ''}'`;
const wrong = (token: string | undefined, expected: string): Error =>
  badRequest(`unable to parse requirement: found ${quoted(token)}, expected: ${expected}`);

/**
 * The label selector of a list or watch, in the whole grammar: `a`, `!a`, `a=b`, `a==b`, `a!=b`, `a in (b,c)`,
 * `a notin (b,c)`, joined by commas. Throws the server's 400.
 */
export function labelSelector(text: string): LabelSelector {
  const requirements = parseLabels(text);
  return (labels) => requirements.every((requirement) => meets(labels, requirement));
}

function parseLabels(text: string): Requirement[] {
  const input = tokens(text);
  const requirements: Requirement[] = [];
  let position = 0;
  while (position < input.length) {
    const negated = input[position] === '!';
    if (negated) position += 1;
    const key = input[position];
    if (!isWord(key)) throw wrong(key, "!, identifier, or 'end of string'");
    position += 1;
    const next = input[position];
    if (negated || next === undefined || next === ',') {
      requirements.push({ key, operator: negated ? '!' : 'exists', values: [] });
    } else if (next === 'in' || next === 'notin') {
      const [values, after] = parseValues(input, position + 1);
      requirements.push({ key, operator: next, values });
      position = after;
    } else if (next === '=' || next === '==' || next === '!=') {
      const value = input[position + 1];
      const given = isWord(value);
      if (!given && value !== undefined && value !== ',') throw wrong(value, 'identifier');
      requirements.push({ key, operator: next === '!=' ? '!=' : '=', values: [given ? value : ''] });
      position += given ? 2 : 1;
    } else throw wrong(next, 'in, notin, =, ==, !=, gt, lt');
    if (position >= input.length) break;
    if (input[position] !== ',') throw wrong(input[position], "',' or 'end of string'");
    position += 1;
    if (position >= input.length) throw wrong('', "identifier after ','");
  }
  return requirements;
}

/** The values between brackets, and the position after them. An empty place between commas is the empty value. */
function parseValues(input: readonly string[], start: number): [values: string[], after: number] {
  if (input[start] !== '(') throw wrong(input[start], "'('");
  const values: string[] = [];
  let position = start + 1;
  for (;;) {
    const token = input[position];
    if (isWord(token)) {
      values.push(token);
      position += 1;
      if (input[position] !== ',' && input[position] !== ')') throw wrong(input[position], "',' or ')'");
    } else if (token === ',' || token === ')') {
      if (input[position - 1] === '(' || input[position - 1] === ',') values.push('');
    } else throw wrong(token, "',', ')' or identifier");
    if (input[position] === ')') return [values, position + 1];
    position += 1;
  }
}

function meets(labels: Readonly<Record<string, string>>, { key, operator, values }: Requirement): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case 'in':
    case '=':
      return value !== undefined && values.includes(value);
    case 'notin':
    case '!=':
      return value === undefined || !values.includes(value);
  }
}

/** One `field=value` or `field!=value` of a field selector. */
export type FieldRequirement = { field: string; equal: boolean; value: string };

/** Splits a field selector (`=`, `==` and `!=`, joined by commas; a backslash escapes). Throws the server's 400. */
export function fieldRequirements(text: string): FieldRequirement[] {
  if (text === '') return [];
  return text.split(/(?<!\\),/).map((part) => {
    const parts = /^(.*?)(!=|==|=)(.*)$/.exec(part);
    if (!parts) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
    const [, field = '', operator, value = ''] = parts;
    return { field, equal: operator !== '!=', value: value.replace(/\\(.)/g, '$1') };
  });
}
