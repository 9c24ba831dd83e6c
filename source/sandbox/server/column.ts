import type { KubernetesObject } from '../wire.ts';
import { humanDuration } from './durations.ts';

/** A column of a Table: what its definition says and what a row has in it. Priority 1 is shown by `-o wide` only. */
export type Column<T> = {
  name: string;
  format?: 'name';
  type?: 'string' | 'integer' | 'boolean';
  priority: 0 | 1;
  description: string;
  cell: (object: T, now: number) => string | number | boolean;
};

export const NONE = '<none>';
export const UNKNOWN = '<unknown>';

export const ageSince = (time: string | null | undefined, now: number): string =>
  time === null || time === undefined ? UNKNOWN : humanDuration(now - Date.parse(time));

export const nameColumn: Column<KubernetesObject> = {
  name: 'Name',
  format: 'name',
  priority: 0,
  description: 'Name must be unique within a namespace.',
  cell: ({ metadata }) => metadata.name,
};

export const ageColumn: Column<KubernetesObject> = {
  name: 'Age',
  priority: 0,
  description: 'Time since this object was created.',
  cell: ({ metadata }, now) => ageSince(metadata.creationTimestamp, now),
};

/** Columns of every resource that has none of its own. */
export const ageColumns: readonly Column<KubernetesObject>[] = [nameColumn, ageColumn];
