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

const isWord = (token: string): boolean => token !== '' && !(SYMBOLS as readonly string[]).includes(token);
const wrong = (token: string, expected: string): Error =>
  badRequest(`unable to parse requirement: found '${token}', expected: ${expected}`);

/**
 * The label selector of a list or watch, in the whole grammar: `a`, `!a`, `a=b`, `a==b`, `a!=b`, `a in (b,c)`,
 * `a notin (b,c)`, joined by commas. Throws the server's 400.
 */
export function labelSelector(text: string): LabelSelector {
  const requirements = parseLabels(tokens(text));
  return (labels) => requirements.every((requirement) => meets(labels, requirement));
}

function parseLabels(input: readonly string[]): Requirement[] {
  const requirements: Requirement[] = [];
  let position = 0;
  while (position < input.length) {
    const [requirement, after] = parseRequirement(input, position);
    requirements.push(requirement);
    position = after;
    if (position >= input.length) break;
    if (input[position] !== ',') throw wrong(input[position] ?? '', "',' or 'end of string'");
    position += 1;
    if (position >= input.length) throw wrong('', "identifier after ','");
  }
  return requirements;
}

/** One requirement, and the position after it. */
function parseRequirement(input: readonly string[], start: number): [requirement: Requirement, after: number] {
  const negated = input[start] === '!';
  const position = negated ? start + 1 : start;
  const key = input[position] ?? '';
  if (!isWord(key)) throw wrong(key, "!, identifier, or 'end of string'");
  const operator = input[position + 1] ?? ',';
  if (negated || operator === ',') return [{ key, operator: negated ? '!' : 'exists', values: [] }, position + 1];
  if (operator === 'in' || operator === 'notin') {
    const [values, after] = parseValues(input, position + 2);
    return [{ key, operator, values }, after];
  }
  if (operator !== '=' && operator !== '==' && operator !== '!=') {
    throw wrong(operator, 'in, notin, =, ==, !=, gt, lt');
  }
  const value = input[position + 2] ?? ',';
  if (!isWord(value) && value !== ',') throw wrong(value, 'identifier');
  const values = [isWord(value) ? value : ''];
  return [{ key, operator: operator === '!=' ? '!=' : '=', values }, position + (isWord(value) ? 3 : 2)];
}

/** The values between brackets, and the position after them. An empty place between commas is the empty value. */
function parseValues(input: readonly string[], start: number): [values: string[], after: number] {
  const at = (position: number): string => input[position] ?? '';
  if (at(start) !== '(') throw wrong(at(start), "'('");
  const values: string[] = [];
  let position = start + 1;
  for (;;) {
    const token = at(position);
    if (isWord(token)) {
      values.push(token);
      position += 1;
      if (at(position) !== ',' && at(position) !== ')') throw wrong(at(position), "',' or ')'");
    } else if (token !== ',' && token !== ')') throw wrong(token, "',', ')' or identifier");
    else if (at(position - 1) === '(' || at(position - 1) === ',') values.push('');
    if (at(position) === ')') return [values, position + 1];
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
