import type { Area, Next, Verdict } from '../source/checks/verdict/verdict.ts';
import type { SceneName } from '../source/sandbox/sandbox.ts';

/** How an area is to be judged, and in which words: the whole sentence, but for ages. */
export type Expected = { readonly verdict: Verdict; readonly words: RegExp };

/** What an operator is to be told of a scene, by the screen and by `health` alike. */
export type ToldScene = {
  readonly verdict: Verdict;
  /** Areas that are not named here are healthy, or, where nothing can be read any more, unknown to who comes only now. */
  readonly areas: Readonly<Partial<Record<Area, Expected>>>;
  readonly isDark?: true;
  /** Where `!` leads first: to the worst, whose sentence names this; null where nothing is wrong. */
  readonly worst: { readonly area: Area; readonly screen: Next['screen']; readonly names: string } | null;
};

/** Since when, which a single look cannot tell of everything. */
const SINCE = '( since \\w+)?';
const words = (text: string): RegExp => new RegExp(`^${text}$`);

const DOWN: Expected = {
  verdict: 'at-risk',
  words: words(`etcd 2 of 3, can lose 0: par1-control-2 does not answer${SINCE}`),
};

/** The sentences of areas in which nothing is wrong. */
export const WELL: Readonly<Partial<Record<Area, RegExp>>> = {
  'control-plane': words('control plane ok \\d+ms'),
  etcd: words('etcd 3 of 3, can lose 1'),
  nodes: words('nodes 6 of 6 ready'),
  certificates: words('certificates \\d+d(, \\d not read)?'),
  backup: words('backup \\w+ ago'),
};

/** Areas that this version does not look at: each says so, and why. */
export const ABSENT: Readonly<Partial<Record<Area, string>>> = {
  alerts: 'alerts: this version does not read Alertmanager',
  monitoring: 'monitoring: this version does not read Prometheus',
  salt: 'salt: this version does not read Salt',
};

const scenes = <N extends SceneName>(told: Readonly<Record<N, ToldScene>>) => told;

/** The scenes in which something is to be found out, and the one in which all is well. */
export const TOLD_SCENES = scenes({
  standard: { verdict: 'healthy', areas: {}, worst: null },
  'etcd-member-down': {
    verdict: 'at-risk',
    areas: { etcd: DOWN },
    worst: { area: 'etcd', screen: 'etcd', names: 'par1-control-2' },
  },
  'etcd-slow-disk': {
    verdict: 'degraded',
    areas: {
      etcd: {
        verdict: 'degraded',
        words: words(`etcd 3 of 3, can lose 1: par1-control-2 needs \\d+ ms for an fsync \\(p99\\)${SINCE} and 1 more`),
      },
    },
    worst: { area: 'etcd', screen: 'etcd', names: 'par1-control-2' },
  },
  'etcd-quota-low': {
    verdict: 'degraded',
    areas: {
      etcd: {
        verdict: 'degraded',
        words: words(`etcd 3 of 3, can lose 1: 3 members have 97% of their quota taken${SINCE}`),
      },
    },
    worst: { area: 'etcd', screen: 'etcd', names: 'par1-bootstrap' },
  },
  'etcd-nospace': {
    verdict: 'at-risk',
    areas: {
      etcd: {
        verdict: 'at-risk',
        words: words(
          'etcd 3 of 3, can lose 1: full, nothing can be changed \\(alarm NOSPACE of par1-bootstrap, par1-control-1 and par1-control-2\\)',
        ),
      },
    },
    worst: { area: 'etcd', screen: 'etcd', names: 'par1-bootstrap' },
  },
  'etcd-no-quorum': {
    verdict: 'at-risk',
    isDark: true,
    areas: {
      etcd: {
        verdict: 'at-risk',
        words: words(`etcd 0 of 3, no quorum: par1-control-1 and par1-control-2 do not answer${SINCE} and 1 more`),
      },
    },
    worst: { area: 'etcd', screen: 'etcd', names: 'par1-control-1' },
  },
  'certificates-near-expiry': {
    verdict: 'degraded',
    areas: {
      certificates: {
        verdict: 'degraded',
        words: words(
          'certificates 11d(, \\d not read)?: API server \\(.+\\) ends in 11d and should have been renewed and \\d more',
        ),
      },
    },
    worst: { area: 'certificates', screen: 'control-plane', names: 'API server' },
  },
  'two-problems': {
    verdict: 'at-risk',
    areas: {
      etcd: DOWN,
      nodes: { verdict: 'degraded', words: words('nodes 5 of 6 ready: par1-worker-1 silent since \\w+') },
    },
    worst: { area: 'etcd', screen: 'etcd', names: 'par1-control-2' },
  },
});
