import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where exchanges of real servers are; null where there are none to be read. */
export const RECORDINGS = process.env['RECORDINGS'] ?? null;

type Recording = { readonly response: { readonly body?: unknown; readonly text?: string } };

/** The body of a recorded answer of a real etcd. */
export function recordedBody(folder: string, name: string): string {
  const text = readFileSync(join(String(RECORDINGS), folder, `${name}.json`), 'utf8');
  const { response } = JSON.parse(text) as Recording;
  return response.text ?? JSON.stringify(response.body);
}
