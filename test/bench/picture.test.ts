import { describe, expect, it } from 'vitest';
import {
  isAllKnown,
  isControlPlanePage,
  isEtcdPage,
  isHeadroomPage,
  isList,
  isNodePage,
  isSorts,
  nameInFirstRow,
  selectedIn,
} from '../../bench/picture.ts';

const SOURCE = ' source  nodes live   pods live   events live   usage live';
const FREE = ' FREE FOR WORKLOADS  cpu 1267 of 1522   mem 5Ti of 5.4Ti   on 97 open nodes';
const HOLE = ' LARGEST HOLE  13.2 cores and 54.1Gi on par1-worker-01';
const LOSS = ' IF par1-worker-84 IS LOST  25 fit; 1252 cores, 5Ti left';

describe('a picture', () => {
  it.each([
    { what: 'a whole one', screen: [FREE, HOLE, LOSS, SOURCE], isKnown: true },
    { what: 'a low one without its head', screen: [SOURCE], isKnown: true },
    { what: 'no source', screen: [FREE, HOLE, LOSS], isKnown: false },
    { what: 'pods that are read', screen: [FREE, SOURCE.replace('pods live', 'pods 500')], isKnown: false },
    { what: 'no sum', screen: [' FREE FOR WORKLOADS  ?', HOLE, LOSS, SOURCE], isKnown: false },
    { what: 'no hole', screen: [FREE, ' LARGEST HOLE  ?', LOSS, SOURCE], isKnown: false },
    {
      what: 'a loss that is worked out',
      screen: [FREE, HOLE, ' IF THE LARGEST NODE IS LOST  ~ being worked out', SOURCE],
      isKnown: false,
    },
    { what: 'an unknown loss', screen: [FREE, HOLE, ' IF THE LARGEST NODE IS LOST  ?', SOURCE], isKnown: false },
    { what: 'keys with a question mark', screen: [FREE, LOSS, SOURCE, ' f fits  ? help  q quit'], isKnown: true },
  ])('with $what is known: $isKnown', ({ screen, isKnown }) => expect(isAllKnown(screen)).toBe(isKnown));
});

const LIST = [
  '100 nodes                              by group   sorted by node \u2191',
  '  NODE            STATUS  ROLES',
  ' control plane  3 nodes                   cpu 4.08 of 19.1 21%',
  '  par1-bootstrap  Ready   BT M E',
  '>*par1-control-1  Ready   M E IT',
];

describe('the list', () => {
  it('has a first row and a selection', () => {
    expect(nameInFirstRow(LIST)).toBe('par1-bootstrap');
    expect(selectedIn(LIST)).toEqual({ name: 'par1-control-1', y: 4 });
    expect(nameInFirstRow(LIST.slice(2))).toBe('');
    expect(selectedIn(LIST.slice(2))).toBeNull();
  });

  const headed = (head: string) => [head, ...LIST.slice(1)];

  it.each([
    { screen: LIST, sort: 'node', filter: null, is: true },
    { screen: LIST, sort: 'status', filter: null, is: false },
    { screen: LIST, sort: 'node', filter: '', is: false },
    { screen: headed('100 nodes   filter:        by group   sorted by node'), sort: 'node', filter: '', is: true },
    { screen: headed('100 nodes   filter:        by group   sorted by node'), sort: 'node', filter: null, is: false },
    { screen: headed('97 of 100 nodes   filter: w    by group   sorted by node'), sort: 'node', filter: 'w', is: true },
    { screen: headed('97 of 100 nodes   filter: w    by group   sorted by node'), sort: 'node', filter: '', is: false },
    { screen: LIST.slice(1), sort: 'node', filter: null, is: false },
  ])('sorted by $sort, filtered by $filter: $is', ({ screen, sort, filter, is }) =>
    expect(isList(screen, { sort, filter })).toBe(is),
  );
});

it('is told from the pages', () => {
  const sorts = [
    ' Sort the nodes by',
    '',
    '     NODE            name',
    ' > \u2191 STATUS          status, worst first',
  ];
  expect(isSorts(sorts, 'STATUS')).toBe(true);
  expect(isSorts(sorts, 'NODE')).toBe(false);
  for (const [is, page] of [
    [isNodePage, [' par1-bootstrap   Ready', ' [overview] pods  events']],
    [isHeadroomPage, [' Headroom                  columns 1 of 2']],
    [isEtcdPage, [' etcd  3 of 3 members', '  MEMBER          NODE            ROLE      HEALTH']],
    [
      isControlPlanePage,
      [' control plane ok 8ms   etcd 3 of 3', ' Control plane             All that can be seen is well.'],
    ],
  ] as const) {
    expect(is(page)).toBe(true);
    expect(is(LIST)).toBe(false);
  }
});
