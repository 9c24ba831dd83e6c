import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One exchange with a real API server, as it was recorded. */
export type Recording = {
  number: number;
  name: string;
  request: { user: string; method: string; path: string; headers: Record<string, string>; body?: unknown };
  response: {
    status: number;
    headers: Record<string, string>;
    body?: unknown;
    text?: string;
    stream?: { ms: number; event: { type: string; object: unknown } }[];
  };
};

/** All exchanges of a folder, in the order in which they took place. */
export function readRecordings(folder: string): Recording[] {
  return readdirSync(folder)
    .filter((file) => /^\d{3}-.*\.json$/.test(file))
    .sort()
    .map((file) => {
      const recording = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Omit<Recording, 'number' | 'name'>;
      return { ...recording, number: Number(file.slice(0, 3)), name: file.slice(0, -'.json'.length) };
    });
}
