import { expect } from 'vitest';
import { without } from '../../source/sandbox/fields.ts';
import type { KubernetesObject, Node } from '../../source/sandbox/wire.ts';
import type { Recording } from './recordings.ts';
import type { Body, Outcome } from './replay.ts';

export type Compare = (recorded: Recording['response'], got: Outcome) => void;

/** A recording with the names of this server's users, without versions and without the objects that it quotes. */
export const translated = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? null), (_field, each: unknown) =>
    typeof each === 'string'
      ? each
          .replaceAll(/\blab(?=[-:](nobody|readers?|operators?)\b)/g, 'sandbox')
          .replaceAll(/current: \d+/g, 'current: N')
          .replaceAll(/in record \(\d+\)/g, 'in record (N)')
          .replaceAll(/Invalid value: "\{.*\}": (?=json|strict)/g, 'Invalid value: {…}: ')
      : each,
  ) as unknown;

export const withoutManagers = (object: KubernetesObject): object => ({
  ...object,
  metadata: without(object.metadata, 'managedFields', 'resourceVersion'),
});

/** A node as far as an edit can change it; times and versions are each server's own. */
export const edited = (body: unknown): unknown => {
  const { kind, apiVersion, metadata, spec, status } = translated(body) as Node & { kind: string; apiVersion: string };
  const taints = spec.taints?.map(({ key, value, effect }) => ({ key, value, effect }));
  const { name, labels, annotations, uid } = metadata;
  return { kind, apiVersion, name, uid, labels, annotations, spec: { ...spec, taints }, status };
};

export const columns = (body: unknown): unknown =>
  (body as { columnDefinitions: { description: string }[] }).columnDefinitions.map((column) =>
    without(column, 'description'),
  );
export const rows = (body: unknown): unknown[][] =>
  (body as { rows: { cells: unknown[] }[] }).rows.map(({ cells }) => cells);
export const sameTable: Compare = ({ body }, got) => {
  expect(columns(got.body)).toEqual(columns(body));
  expect(rows(got.body)).toEqual(rows(body));
  const objects = (table: unknown): unknown[] =>
    (table as { rows: { object: Body | null }[] }).rows.map(({ object }) => object?.kind ?? null);
  expect(objects(got.body)).toEqual(objects(body));
};
/** Managed fields are coarser here; who owns a review nobody asks. */
export const unmanaged = (_field: string, value: unknown): unknown => (_field === 'managedFields' ? undefined : value);
export const comparable = (body: unknown): unknown =>
  JSON.parse(JSON.stringify(translated(body), unmanaged)) as unknown;
export const byBody: Compare = ({ body }, got) => expect(comparable(got.body)).toEqual(comparable(body));
export const byNode: Compare = ({ body }, got) => expect(edited(got.body)).toEqual(edited(body));
