import { labelKeyProblem, labelValueProblem } from './names.ts';

/*
 * Label selectors as `kubectl -l` reads them (Kubernetes: "Labels and Selectors", apimachinery labels.Parse):
 * KEY, !KEY, KEY=VALUE, KEY==VALUE, KEY!=VALUE, KEY in (A,B), KEY notin (A,B), KEY>NUMBER, KEY<NUMBER, joined by ",".
 */

export type LabelSelector = (labels: Readonly<Record<string, string>>) => boolean;
export type SelectorProblem = { readonly problem: string };

/** Whether the value of a label, undefined when a node does not have it, meets a requirement. */
type Test = (value: string | undefined) => boolean;
type Operator = (values: readonly string[]) => Test;

/** What Go reads as an int64, which is what the API server compares; null for anything else. */
export function int64(text: string): bigint | null {
  if (!/^[+-]?\d{1,63}$/.test(text)) return null;
  const number = BigInt(text.replace('+', ''));
  return BigInt.asIntN(64, number) === number ? number : null;
}

const oneOf: Operator = (values) => (value) => value !== undefined && values.includes(value);
const noneOf: Operator = (values) => (value) => value === undefined || !values.includes(value);
const compared =
  (holds: (one: bigint, other: bigint) => boolean): Operator =>
  ([bound = '']) => {
    const other = int64(bound);
    return (value = '') => {
      const one = int64(value);
      return one !== null && other !== null && holds(one, other);
    };
  };

/** Operators by the sign or word that stands after the key; `list` takes values in brackets, `number` an integer. */
const OPERATORS: Partial<Record<string, { takes: 'value' | 'list' | 'number'; test: Operator }>> = {
  '=': { takes: 'value', test: oneOf },
  '==': { takes: 'value', test: oneOf },
  '!=': { takes: 'value', test: noneOf },
  in: { takes: 'list', test: oneOf },
  notin: { takes: 'list', test: noneOf },
  '>': { takes: 'number', test: compared((one, other) => one > other) },
  '<': { takes: 'number', test: compared((one, other) => one < other) },
};

/** One requirement at the start of a text: key, operator, and the values up to the next "," or bracket. */
const REQUIREMENT =
  /^\s*(?:!\s*(?<none>[^\s=!<>(),]+)|(?<key>[^\s=!<>(),]+)(?:\s*(?<sign>==|=|!=|>|<)\s*(?<value>[^\s=!<>(),]*)|\s+(?<word>in|notin)\s*\((?<list>[^=!<>()]*)\))?)\s*(?:,|$)/;

const GRAMMAR =
  'requirements are KEY, !KEY, KEY=VALUE, KEY!=VALUE, KEY in (A,B), KEY notin (A,B), KEY>NUMBER or KEY<NUMBER, joined by ","';

/**
 * Whether labels meet all requirements of a selector; an empty one meets everything. A label that is missing meets
 * `!=` and `notin`. A problem is one sentence without a full stop that names the selector and the rule.
 */
export function parseLabelSelector(text: string): LabelSelector | SelectorProblem {
  const requirements: { key: string; test: Test }[] = [];
  const wrong = (rule: string): SelectorProblem => ({ problem: `selector "${text}": ${rule}` });
  let rest = text;
  while (rest.trim() !== '') {
    const match = REQUIREMENT.exec(rest);
    if (match === null) return wrong(GRAMMAR);
    const groups: Partial<Record<string, string>> = match.groups ?? {};
    const { none, key = none ?? '', sign, word, value = '', list = '' } = groups;
    const values = word === undefined ? [value] : list.split(',').map((part) => part.trim());
    const operator = OPERATORS[sign ?? word ?? ''];
    if (operator?.takes === 'number' && int64(value) === null)
      return wrong(`"${key}" is compared with a whole number of 64 bits`);
    const problems = [labelKeyProblem(key), ...values.map(labelValueProblem)];
    const problem = problems.find((found) => found !== null) ?? null;
    if (problem !== null) return wrong(problem);
    const exists = none === undefined;
    requirements.push({ key, test: operator?.test(values) ?? ((found) => (found !== undefined) === exists) });
    rest = rest.slice(match[0].length);
    if (rest.trim() === '' && match[0].endsWith(',')) return wrong('a requirement must follow the last ","');
  }
  return (labels) => requirements.every(({ key, test }) => test(Object.hasOwn(labels, key) ? labels[key] : undefined));
}
