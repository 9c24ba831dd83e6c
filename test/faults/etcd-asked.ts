import { expect } from 'vitest';
import { runProgram, schemaErrors } from '../commands/program.ts';
import type { Place } from './place.tsx';

type Fields = Record<string, unknown>;
export type Asked = {
  readonly code: number;
  /** As programs read it. */
  readonly document: Fields & { readonly members: readonly (Fields & { readonly name: string })[] };
  /** All texts in it. */
  readonly text: string;
};

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) yield* textsIn(each);
}

/** What the command `etcd` answers on a place, which is what its schema says. */
export async function asked({ file, folder }: Place): Promise<Asked> {
  const { code, stdout, stderr } = await runProgram(['etcd', '-o', 'json', '--kubeconfig', file], {
    environment: { XDG_STATE_HOME: folder },
  });
  expect(stderr).toBe('');
  const document = JSON.parse(stdout) as Asked['document'];
  expect(schemaErrors('etcd', document)).toEqual([]);
  return { code, document, text: [...textsIn(document)].join('\n') };
}

/** Nobody tells these who asks for the first time, or while nothing is written or sent. */
const NOT_YET = /^(the console has to see etcd|told once so far|nothing was written|no peer answered it of late)/;

/** Fields that are null, each with a reason why nobody tells it. */
export const untoldIn = (fields: Fields): readonly string[] =>
  Object.keys(fields)
    .filter((name) => {
      const why = fields[`${name}Why`];
      return fields[name] === null && typeof why === 'string' && !NOT_YET.test(why);
    })
    .toSorted();
