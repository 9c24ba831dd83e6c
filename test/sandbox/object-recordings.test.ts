import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { without } from '../../source/sandbox/fields.ts';
import type { KubernetesObject } from '../../source/sandbox/wire.ts';
import { columns, comparable, sameTable, type Compare } from './compare.ts';
import { readRecordings } from './recordings.ts';
import { keyOf, Replay, type Body } from './replay.ts';

const { RECORDINGS = '' } = process.env;

/** Exchanges about nodes, leases, volumes and claims that were recorded of a 1.36 server, from and to. */
const RANGES: readonly [first: number, last: number][] = [
  [127, 169],
  [179, 209],
];

/** Those among them that say nothing of this server, with the reason. */
const OUT_OF_SCOPE: Readonly<Record<string, string>> = {
  '142': 'no server-side apply',
  '167': 'no server-side apply',
  '153': 'the annotation of a time to live follows the number of nodes',
  '196': 'what is written as protobuf is compared by its bytes',
  '198': 'that server had no class',
  '201': 'a claim is bound here within milliseconds, there at the next look of its controller',
  '202': 'as 201',
};

const inRange = (number: number): boolean => RANGES.some(([first, last]) => number >= first && number <= last);

/** An object but for what each server makes up, and for what 1.36 words otherwise than 1.29 does. */
const made = (body: unknown): unknown => {
  const { metadata, ...rest } = JSON.parse(JSON.stringify(body), (field, value: unknown) => {
    if (field === 'uid' || field === 'resourceVersion' || field.endsWith('TransitionTime')) return '';
    if (typeof value !== 'string') return value;
    return value
      .replaceAll(/[0-9a-f]{8}-[-0-9a-f]{27}/g, 'UID')
      .replaceAll(/precondition \(\d+\)/g, 'precondition (N)')
      .replaceAll('Invalid value: 0x0:', 'Invalid value: 0:')
      .replaceAll(
        /core\.Taint\{Key:("\w*"), Value:("\w*"), Effect:("\w*"), TimeAdded:<nil>\}/g,
        '{"Key":$1,"Value":$2,"Effect":$3,"TimeAdded":null}',
      );
  }) as KubernetesObject;
  return { ...rest, metadata: without(metadata, 'creationTimestamp', 'managedFields') };
};

const sameColumns: Compare = ({ body }, got) => expect(columns(got.body)).toEqual(columns(body));
const marks = (body: unknown): unknown => {
  const { name, finalizers, deletionGracePeriodSeconds } = (body as KubernetesObject).metadata;
  return { name, finalizers, deletionGracePeriodSeconds };
};
/** How a claim that is bound sooner changes what is compared of a table. */
const COMPARISONS: Readonly<Record<string, Compare>> = {
  '203': sameColumns,
  '204': sameColumns,
  '207': ({ body }, got) => expect(marks(got.body)).toEqual(marks(body)),
};

const listed: Compare = ({ body }, got) =>
  expect((got.body as Body).items?.map(made)).toEqual((body as Body).items?.map(made));
const byObject: Compare = ({ body }, got) => expect(made(comparable(got.body))).toEqual(made(comparable(body)));

const kindOf = (body: unknown): string => (body as Body).kind ?? '';
const comparisonOf = (body: unknown): Compare =>
  kindOf(body) === 'Table' ? sameTable : kindOf(body).endsWith('List') ? listed : byObject;

describe.runIf(RECORDINGS !== '')('answers about nodes, leases and volumes as a real API server does', () => {
  const recordings =
    RECORDINGS === '' ? [] : readRecordings(`${RECORDINGS}/k8s-v1.36.2-extra`).filter(({ number }) => inRange(number));
  let replay: Replay;
  beforeAll(async () => {
    replay = await Replay.of(recordings, {
      inScope: (recording) => OUT_OF_SCOPE[keyOf(recording)] === undefined,
      seed: () => undefined,
    });
  });
  afterAll(() => replay.stop());

  for (const recording of recordings) {
    const why = OUT_OF_SCOPE[keyOf(recording)];
    it.skipIf(why !== undefined)(`${recording.name}${why === undefined ? '' : `: ${why}`}`, () => {
      const got = replay.outcomes.get(keyOf(recording));
      if (!got) throw new Error('the request was not sent');
      expect(got.status).toBe(recording.response.status);
      expect(got.headers.warning).toBe(recording.response.headers['warning']);
      (COMPARISONS[keyOf(recording)] ?? comparisonOf(recording.response.body))(recording.response, got);
    });
  }
});
