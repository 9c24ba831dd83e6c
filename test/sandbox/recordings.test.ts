import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { without } from '../../source/sandbox/fields.ts';
import type { Node, Pod, KubernetesObject } from '../../source/sandbox/wire.ts';
import {
  byBody,
  byNode,
  columns,
  edited,
  rows,
  sameTable,
  translated,
  withoutManagers,
  type Compare,
} from './compare.ts';
import { RECORDED_SITE } from './recorded-site.ts';
import { readRecordings, type Recording } from './recordings.ts';
import { keyOf, Replay, type Body } from './replay.ts';

const { RECORDINGS = '' } = process.env;

/** Recordings that say nothing about this server, with the reason. */
const OUT_OF_SCOPE: Readonly<Record<string, string>> = {
  '015': 'OpenAPI documents are not served',
  '022': 'no service accounts',
  '036': 'no service accounts',
  '065': 'that server was new and knew its whole past; a site has been running for weeks',
  '079': 'what is written as protobuf is compared by its bytes',
  '082': 'component statuses are not served',
  '090': 'custom resource definitions are not served',
  '091': 'API services are not served',
  '092': 'priority classes are not served',
  '141': 'no server-side apply',
  '142': 'no server-side apply',
  '143': 'no server-side apply',
  '144': 'no server-side apply',
  '145': 'no server-side apply',
  '154': 'that server was new and knew its whole past',
  ...Object.fromEntries(
    [164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 176, 177, 178, 179, 180, 182].map((number) => [
      String(number),
      'proxies, logs and the registry of API services are not served',
    ]),
  ),
};

const names = (body: unknown): string[] => (body as Body).items?.map(({ metadata }) => metadata.name) ?? [];
const sorted = (list: unknown): unknown[] => (list as unknown[]).map((each) => JSON.stringify(each)).sort();
const startOf = (body: unknown): unknown => {
  const token = (body as Body).metadata?.['continue'];
  return typeof token === 'string'
    ? (JSON.parse(Buffer.from(token, 'base64url').toString()) as { start: string }).start
    : null;
};
const remaining = (body: unknown): unknown => (body as Body).metadata?.['remainingItemCount'] ?? null;

const sameText: Compare = (recorded, got) => expect(got.text).toBe(recorded.text);
const samePage: Compare = ({ body }, got) => {
  expect(names(got.body)).toEqual(names(body));
  expect([startOf(got.body), remaining(got.body)]).toEqual([startOf(body), remaining(body)]);
};
const sameItems: Compare = (recorded, got) => {
  samePage(recorded, got);
  expect((got.body as Body).items?.map(withoutManagers)).toEqual((recorded.body as Body).items?.map(withoutManagers));
};
const sameRules: Compare = ({ body }, got) => {
  type Rules = { status: { resourceRules: unknown; nonResourceRules: unknown } };
  const of = (each: unknown): unknown[][] => [
    sorted((each as Rules).status.resourceRules),
    sorted((each as Rules).status.nonResourceRules),
  ];
  expect(of(got.body)).toEqual(of(body));
};
/** Everything that this server says of itself, the real one says too. */
const listed =
  (field: 'groups' | 'resources', keep: (entry: Record<string, unknown>) => unknown): Compare =>
  ({ body }, got) => {
    const of = (each: unknown): unknown[] =>
      (each as Record<string, Record<string, unknown>[]>)[field]?.map(keep) ?? [];
    expect(of(got.body).length).toBeGreaterThan(4);
    expect(of(body)).toEqual(expect.arrayContaining(of(got.body)));
  };
const sameGroups = listed('groups', ({ name, versions }) => ({ name, first: (versions as unknown[]).at(0) }));
const sameFirstEvent: Compare = ({ stream = [] }, got) => {
  const [wanted] = stream;
  const [event] = got.events;
  const plain = (object: unknown): unknown => ({
    ...(object as object),
    metadata: undefined,
    columnDefinitions: undefined,
    rows: undefined,
  });
  expect(event?.type).toBe(wanted?.event.type);
  expect(plain(event?.object)).toEqual(plain(wanted?.event.object));
};
const sameEvents: Compare = ({ stream = [] }, got) => {
  const told = ({ type, object }: { type: string; object: unknown }): unknown => {
    const { kind, metadata, spec } = object as Node & { kind: string };
    if (type === 'BOOKMARK') return { type, object: { ...(object as object), metadata: Object.keys(metadata) } };
    const taints = spec.taints?.map(({ key, effect }) => ({ key, effect }));
    return {
      type,
      kind,
      name: metadata.name,
      labels: metadata.labels,
      annotations: metadata.annotations,
      spec: { ...spec, taints },
    };
  };
  // The recorded server told one more bookmark of its own accord.
  const once = stream
    .map(({ event }) => event)
    .filter(({ type }, index, all) => type !== 'BOOKMARK' || all[index - 1]?.type !== 'BOOKMARK');
  expect(got.events.map(told)).toEqual(once.map(told));
};

/** A volume, but for what each server makes up: uid, version and time. */
const volume = (body: unknown): unknown => ({
  ...(body as object),
  metadata: without(
    (body as KubernetesObject).metadata,
    'uid',
    'resourceVersion',
    'creationTimestamp',
    'managedFields',
  ),
});
const byVolume: Compare = ({ body }, got) => expect(volume(got.body)).toEqual(volume(body));
const deleted = (body: unknown): unknown => {
  const { details, ...rest } = body as { details: { uid: string } };
  return { ...rest, details: without(details, 'uid') };
};

const warned: Compare = (recorded, got) => {
  expect(got.headers.warning).toBe(recorded.headers['warning']);
  expect(edited(got.body)).toEqual(edited(recorded.body));
};

/** How a recording is compared where it is not by its whole body (refusals, reviews) or as an edited node. */
const COMPARISONS: Readonly<Record<string, Compare>> = {
  '001': ({ body }, got) => expect(Object.keys(got.body as object)).toEqual(Object.keys(body as object)),
  '002': sameText,
  '003': sameText,
  '004': sameText,
  '005': sameText,
  '006': sameText,
  '007': sameText,
  '008': ({ body }, got) => expect(Object.keys(got.body as object)).toEqual(Object.keys(body as object)),
  '009': sameGroups,
  '014': sameGroups,
  '010': listed('resources', ({ name, kind, namespaced, singularName, shortNames }) => ({
    name,
    kind,
    namespaced,
    singularName,
    shortNames,
  })),
  '011': ({ body }, got) => expect(Object.keys(got.body as object)).toEqual(Object.keys(body as object)),
  '012': sameText,
  '013': sameText,
  // The recording is cut, and this server measures a small part.
  '016': ({ text = '', headers }, got) => {
    expect(got.headers['content-type']).toBe(headers['content-type']);
    const told = (page: string) =>
      page.split('\n').filter((line) => line.includes('aggregator_unavailable_apiservice'));
    expect(told(got.text).length).toBeGreaterThan(2);
    expect(told(text)).toEqual(expect.arrayContaining(told(got.text)));
  },
  '018': ({ body }, got) => expect((got.body as Body)['status']).toEqual((translated(body) as Body)['status']),
  '019': ({ body }, got) => expect((got.body as Body)['status']).toEqual((translated(body) as Body)['status']),
  '020': ({ body }, got) => expect((got.body as Body)['status']).toEqual((translated(body) as Body)['status']),
  '021': ({ body }, got) => expect((got.body as Body)['status']).toEqual((translated(body) as Body)['status']),
  '032': sameRules,
  '033': sameRules,
  '034': sameRules,
  '035': sameRules,
  '049': sameText,
  '051': sameText,
  '052': samePage,
  '061': samePage,
  '062': samePage,
  '064': samePage,
  '069': samePage,
  '072': samePage,
  '073': sameTable,
  '074': sameTable,
  '075': sameTable,
  '076': ({ body }, got) => {
    expect(columns(got.body)).toEqual(columns(body));
    // Only some of the pods of that server were recorded as a whole.
    expect(rows(got.body).slice(0, 3)).toEqual(rows(body).slice(0, 3));
  },
  '077': sameItems,
  '078': ({ body }, got) =>
    expect(withoutManagers(got.body as KubernetesObject)).toEqual(withoutManagers(body as KubernetesObject)),
  '081': ({ text = '' }, got) => {
    expect(got.headers['content-type']).toBe('application/yaml');
    expect(withoutManagers(parse(got.text) as KubernetesObject)).toEqual(
      withoutManagers(parse(text) as KubernetesObject),
    );
  },
  '083': ({ body }, got) => expect((got.body as Body).kind).toBe((body as Body).kind),
  '084': ({ body }, got) => expect((got.body as Body).kind).toBe((body as Body).kind),
  '085': ({ body }, got) =>
    expect((got.body as Body).items?.map(withoutManagers)).toEqual((body as Body).items?.map(withoutManagers)),
  '086': ({ body }, got) =>
    expect((got.body as Body).items?.map(withoutManagers)).toEqual((body as Body).items?.map(withoutManagers)),
  '087': ({ body }, got) => expect(names(got.body)).toEqual(expect.arrayContaining(names(body))),
  '088': ({ body }, got) => expect(names(got.body)).toEqual(expect.arrayContaining(names(body))),
  '089': ({ body }, got) => expect(got.body).toMatchObject({ kind: (body as Body).kind, apiVersion: 'v1' }),
  '114': ({ body }, got) => expect(got.body).toEqual(body),
  '126': ({ body }, got) => {
    type Refused = { message: string; details: { causes: unknown[] } };
    // The real server walks a map: its causes come in any order.
    expect(sorted((got.body as Refused).details.causes)).toEqual(sorted((body as Refused).details.causes));
    expect(
      (got.body as Refused).message
        .split('metadata.labels: ')
        .map((each) => each.replace(/[, \]]+$/, ''))
        .sort(),
    ).toEqual(
      (body as Refused).message
        .split('metadata.labels: ')
        .map((each) => each.replace(/[, \]]+$/, ''))
        .sort(),
    );
  },
  '138': warned,
  '146': sameEvents,
  '147': ({ stream = [] }, got) => {
    const told = ({ type, object }: { type: string; object: unknown }): unknown => [
      type,
      (object as Node).metadata.labels,
    ];
    expect(got.events.map(told)).toEqual(stream.map(({ event }) => told(event)));
  },
  '148': (recorded, got) => expect(got.events.slice(0, recorded.stream?.length)).toEqual([]),
  '149': ({ stream = [] }, got) => expect(got.body).toEqual(stream[0]?.event),
  '151': ({ stream = [] }, got) => expect(got.body).toEqual(stream[0]?.event),
  '152': sameFirstEvent,
  '153': sameFirstEvent,
  '155': (_recorded, got) => expect(got.events).toEqual([]),
  '156': (recorded, got) => {
    sameFirstEvent(recorded, got);
    expect(columns(got.events[0]?.object)).toEqual(columns(recorded.stream?.[0]?.event.object));
  },
  '157': sameFirstEvent,
  '158': ({ stream = [] }, got) => {
    const told = ({ type, object }: { type: string; object: unknown }): unknown => [
      type,
      (object as Pod).metadata.name,
    ];
    const added = stream.map(({ event }) => event).filter(({ type }) => type === 'ADDED');
    expect(got.events.filter(({ type }) => type === 'ADDED').map(told)).toEqual(added.map(told));
  },
  '181': sameText,
  '183': byVolume,
  '185': ({ body }, got) => expect((got.body as Body).items?.map(volume)).toEqual((body as Body).items?.map(volume)),
  '186': sameTable,
  '188': ({ body }, got) => expect(deleted(got.body)).toEqual(deleted(body)),
  '163': ({ stream = [] }, got) => expect(got.events).toEqual(stream.map(({ event }) => event)),
};

const comparisonOf = (recording: Recording): Compare =>
  COMPARISONS[keyOf(recording)] ?? ((recording.response.body as Body | undefined)?.kind === 'Node' ? byNode : byBody);

describe.runIf(RECORDINGS !== '')('answers as a real API server of 1.29 does', () => {
  const recordings = RECORDINGS === '' ? [] : readRecordings(`${RECORDINGS}/k8s-v1.29.14`);
  let replay: Replay;
  beforeAll(async () => {
    replay = await Replay.of(recordings, {
      ...RECORDED_SITE,
      inScope: (recording) => OUT_OF_SCOPE[keyOf(recording)] === undefined,
    });
  });
  afterAll(() => replay.stop());

  for (const recording of recordings) {
    const why = OUT_OF_SCOPE[keyOf(recording)];
    it.skipIf(why !== undefined)(`${recording.name}${why === undefined ? '' : `: ${why}`}`, () => {
      const got = replay.outcomes.get(keyOf(recording));
      if (!got) throw new Error('the request was not sent');
      expect(got.status).toBe(recording.response.status);
      comparisonOf(recording)(recording.response, got);
    });
  }
});
