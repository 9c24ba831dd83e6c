import type { HostPort, NodeTerm, Placement, Requirement, Unmodelled } from '../../model/kubernetes/placement.ts';
import type { PodRow } from '../../model/kubernetes/pod.ts';
import { asArray, asName, asNumber, asObject, asObjects, asText, asTexts, type Fields } from './fields.ts';

export const decodeRequirement = (requirement: Fields): Requirement => ({
  key: asText(requirement['key']),
  operator: asText(requirement['operator']),
  values: asArray(requirement['values']).map(asText),
});

const decodeTerm = (term: Fields): NodeTerm => ({
  labels: asObjects(term['matchExpressions']).map(decodeRequirement),
  fields: asObjects(term['matchFields']).map(decodeRequirement),
});

/** A node selector of the API (v1): its terms, or null where there is none. */
export const decodeTerms = (selector: unknown): readonly NodeTerm[] | null => {
  const terms = asObject(selector)?.['nodeSelectorTerms'];
  return terms === undefined ? null : asObjects(terms).map(decodeTerm);
};

/** The topologies of a class (v1: TopologySelectorTerm), each a term of labels; none is every node, which is null. */
export const decodeTopologies = (topologies: unknown): readonly NodeTerm[] | null => {
  const terms = asObjects(topologies);
  if (terms.length === 0) return null;
  return terms.map((term) => ({
    labels: asObjects(term['matchLabelExpressions']).map((each) => decodeRequirement({ ...each, operator: 'In' })),
    fields: [],
  }));
};

/** Ports of the machine that the containers take; the scheduler looks at no init container, also at no sidecar. */
const hostPortsOf = (spec: Fields | null): readonly HostPort[] =>
  asObjects(spec?.['containers']).flatMap((container) =>
    asObjects(container['ports']).flatMap((entry) => {
      const port = asNumber(entry['hostPort']);
      if (port === null || port <= 0) return [];
      return [{ address: asText(entry['hostIP']), protocol: asName(entry['protocol']) ?? 'TCP', port }];
    }),
  );

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const COUNTED: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);

const asksBeyond = (spec: Fields | null): boolean =>
  [...asObjects(spec?.['containers']), ...asObjects(spec?.['initContainers'])].some((container) =>
    Object.keys(asObject(asObject(container['resources'])?.['requests']) ?? {}).some((name) => !COUNTED.has(name)),
  );

/** What of the scheduler's rules for this pod is not worked out, each with how it is recognised. */
const UNMODELLED: readonly (readonly [Unmodelled, (spec: Fields | null) => boolean])[] = [
  [
    'affinity between pods',
    (spec) => {
      const affinity = asObject(spec?.['affinity']);
      return ['podAffinity', 'podAntiAffinity'].some(
        (kind) => asObjects(asObject(affinity?.[kind])?.[REQUIRED]).length > 0,
      );
    },
  ],
  [
    'spread over topologies',
    (spec) =>
      asObjects(spec?.['topologySpreadConstraints']).some((each) => each['whenUnsatisfiable'] === 'DoNotSchedule'),
  ],
  ['extended resources', asksBeyond],
  ['resource claims', (spec) => asObjects(spec?.['resourceClaims']).length > 0],
  ['another scheduler', (spec) => (asName(spec?.['schedulerName']) ?? 'default-scheduler') !== 'default-scheduler'],
];

/** Where the spec of a Pod (v1) lets it be placed. */
export const decodePlacement = (spec: Fields | null): Placement => ({
  selector: asTexts(spec?.['nodeSelector']),
  terms: decodeTerms(asObject(asObject(spec?.['affinity'])?.['nodeAffinity'])?.[REQUIRED]),
  hostPorts: hostPortsOf(spec),
  gates: asObjects(spec?.['schedulingGates']).map(({ name }) => asText(name)),
  unmodelled: UNMODELLED.filter(([, is]) => is(spec)).map(([name]) => name),
});

/** Claims that a pod mounts, and which of them are made for it alone: named after pod and volume (Kubernetes). */
export function decodeClaims(spec: Fields | null, pod: string): Pick<PodRow, 'claims' | 'ephemeralClaims'> {
  const claims: string[] = [];
  const ephemeralClaims: string[] = [];
  for (const volume of asObjects(spec?.['volumes'])) {
    const claim = asName(asObject(volume['persistentVolumeClaim'])?.['claimName']);
    if (claim !== null) claims.push(claim);
    else if (asObject(volume['ephemeral']) !== null) {
      const made = `${pod}-${asText(volume['name'])}`;
      claims.push(made);
      ephemeralClaims.push(made);
    }
  }
  return { claims, ephemeralClaims };
}
