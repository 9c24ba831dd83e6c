import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { labelKeyProblem, labelValueProblem, taintProblem } from '../../../source/model/kubernetes/names.ts';

/*
 * A real API server as judge: what it refused with 422 in recorded patches of labels and taints must be refused here,
 * what it took must be taken. The folder of the recordings is named by RECORDINGS.
 */
const folder = process.env['RECORDINGS'];

type Patched = {
  readonly metadata?: { readonly labels?: Record<string, unknown> };
  readonly spec?: { readonly taints?: readonly { key?: string; value?: string; effect?: string }[] | null };
};
type Recording = {
  readonly name: string;
  readonly request: { readonly method: string; readonly path: string; readonly body?: unknown };
  readonly response?: { readonly status: number; readonly body?: { readonly message?: string } };
};

function exchangesIn(path: string): Recording[] {
  return readdirSync(path)
    .filter((name) => /^\d.*\.json$/.test(name))
    .map((name) => JSON.parse(readFileSync(join(path, name), 'utf8')) as Recording)
    .filter(
      ({ request, response }) =>
        request.method === 'PATCH' && /\/nodes\/[^/]+$/.test(request.path) && response !== undefined,
    );
}

/** What is wrong with labels and taints of a patch, or undefined when it has none. */
function problemsIn(body: unknown): (string | null)[] | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const { metadata, spec } = body as Patched;
  const labels = Object.entries(metadata?.labels ?? {}).filter(
    (label): label is [string, string] => typeof label[1] === 'string',
  );
  const problems = [
    ...labels.flatMap(([key, value]) => [labelKeyProblem(key), labelValueProblem(value)]),
    ...(spec?.taints ?? []).map(({ key = '', value = '', effect = '' }) => taintProblem({ key, value, effect })),
  ];
  return problems.length === 0 ? undefined : problems;
}

describe.runIf(folder !== undefined).each(['k8s-v1.29.14', 'k8s-v1.36.2'])('%s', (server) => {
  const exchanges = folder === undefined ? [] : exchangesIn(join(folder, server));

  test('refuses what is refused here, and takes what is taken here', () => {
    let refused = 0;
    let taken = 0;
    for (const { name, request, response } of exchanges) {
      const problems = problemsIn(request.body);
      const ofNames =
        response?.status === 422 && /metadata\.(labels|taints\[\d+\]\.)/.test(response.body?.message ?? '');
      if (problems === undefined || (response?.status !== 200 && !ofNames)) continue;
      expect(
        problems.some((problem) => problem !== null),
        name,
      ).toBe(ofNames);
      if (ofNames) refused += 1;
      else taken += 1;
    }
    expect(refused).toBeGreaterThanOrEqual(8);
    expect(taken).toBeGreaterThanOrEqual(5);
  });
});
