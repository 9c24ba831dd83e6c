import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { COMMANDS } from '../../source/commands/commands.ts';
import { UsageError } from '../../source/commands/exit.ts';
import { COMMON_FLAGS, FLAGS } from '../../source/commands/flags.ts';
import { parse } from '../../source/commands/parse.ts';

const sentenceOf = (argv: readonly string[]): string => {
  try {
    parse(argv);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('a command line that is right', () => {
  const right: readonly (readonly [string, { command: string; arguments: string[]; flags: object }])[] = [
    ['', { command: '', arguments: [], flags: {} }],
    ['nodes', { command: 'nodes', arguments: [], flags: {} }],
    ['nodes a b', { command: 'nodes', arguments: ['a', 'b'], flags: {} }],
    ['--demo nodes a', { command: 'nodes', arguments: ['a'], flags: { demo: true } }],
    ['--context prod nodes', { command: 'nodes', arguments: [], flags: { context: 'prod' } }],
    ['nodes -ojson', { command: 'nodes', arguments: [], flags: { output: 'json' } }],
    ['nodes -o=yaml', { command: 'nodes', arguments: [], flags: { output: 'yaml' } }],
    ['nodes --output wide --no-pods', { command: 'nodes', arguments: [], flags: { output: 'wide', 'no-pods': true } }],
    ['nodes -lrack=b2', { command: 'nodes', arguments: [], flags: { selector: 'rack=b2' } }],
    ['nodes -l !rack,tier=a', { command: 'nodes', arguments: [], flags: { selector: '!rack,tier=a' } }],
    ['label n a=b c-', { command: 'label', arguments: ['n', 'a=b', 'c-'], flags: {} }],
    ['node no-1', { command: 'node', arguments: ['no-1'], flags: {} }],
    ['label 5 a=1e3', { command: 'label', arguments: ['5', 'a=1e3'], flags: {} }],
    [
      'taint n k=v:NoSchedule k:NoExecute-',
      { command: 'taint', arguments: ['n', 'k=v:NoSchedule', 'k:NoExecute-'], flags: {} },
    ],
    ['role a +infra -node', { command: 'role', arguments: ['a', '+infra', '-node'], flags: {} }],
    ['role -infra -l rack=a -etcd', { command: 'role', arguments: ['-infra', '-etcd'], flags: { selector: 'rack=a' } }],
    [
      '--context role role a -master --no-taint',
      { command: 'role', arguments: ['a', '-master'], flags: { context: 'role', 'no-taint': true } },
    ],
    ['role a -- -infra', { command: 'role', arguments: ['a', '-infra'], flags: {} }],
    ['nodes -- -odd', { command: 'nodes', arguments: ['-odd'], flags: {} }],
    [
      'nodes --as u --as-group g --as-group h',
      { command: 'nodes', arguments: [], flags: { as: 'u', 'as-group': ['g', 'h'] } },
    ],
    ['journal --limit 5 --since 1h', { command: 'journal', arguments: [], flags: { limit: '5', since: '1h' } }],
    [
      'headroom --fits cpu=2,memory=4Gi --fits=replicas=3 --if-lost largest',
      {
        command: 'headroom',
        arguments: [],
        flags: { fits: ['cpu=2,memory=4Gi', 'replicas=3'], 'if-lost': 'largest' },
      },
    ],
    ['nodes --context=-odd -l-odd', { command: 'nodes', arguments: [], flags: { context: '-odd', selector: '-odd' } }],
    [
      'nodes --selector="a" --as-group=\'g\'',
      { command: 'nodes', arguments: [], flags: { selector: '"a"', 'as-group': ["'g'"] } },
    ],
    ['label -5x --yes true', { command: 'label', arguments: ['-5x', 'true'], flags: { yes: true } }],
    ['journal --limit -5', { command: 'journal', arguments: [], flags: { limit: '-5' } }],
    ['node --help', { command: 'node', arguments: [], flags: { help: true } }],
    ['-h', { command: '', arguments: [], flags: { help: true } }],
  ];
  it.each(right)('%s', (line, wanted) => {
    const parsed = parse(line.split(' ').filter(Boolean));
    expect({ ...parsed, command: parsed.command.name }).toEqual(wanted);
  });
});

describe('a command line that is wrong', () => {
  const wrong: readonly (readonly [string, string])[] = [
    ['nods', 'There is no command "nods"; did you mean "nodes"?'],
    ['cordn n', 'There is no command "cordn"; did you mean "cordon"?'],
    [
      'fly',
      'There is no command "fly"; the commands are nodes, node, headroom, pending, health, etcd, etcd defragment, etcd disarm, etcd move-leader, backup, control-plane, certificates, label, taint, role, cordon, uncordon, undo, journal, sandbox.',
    ],
    ['nodes --no-pod', 'There is no flag --no-pod; did you mean "--no-pods"?'],
    ['nodes --outptu json', 'There is no flag --outptu; did you mean "--output"?'],
    ['nodes --zzzzzz', 'There is no flag --zzzzzz; see "metalk8s-console --help".'],
    ['nodes -x', 'There is no flag -x; see "metalk8s-console --help".'],
    ['role a -infar', 'There is no flag -infar; did you mean "-infra"?'],
    ['role a --infra', 'There is no flag --infra; did you mean "-infra"?'],
    [
      'role a -infra=x',
      '"-infra=x" is no argument there; write -infra alone, and not after a flag that needs a value.',
    ],
    ['role a -infra --selector', 'The flag --selector needs a value: --selector SELECTOR.'],
    [
      'role a --selector -infra',
      '"-infra" is no argument there; write -infra alone, and not after a flag that needs a value.',
    ],
    ['nodes -infra', 'There is no flag -infra; see "metalk8s-console --help".'],
    ['label role -infra', 'There is no flag -infra; see "metalk8s-console --help".'],
    ['nodes --taint', '"nodes" has no flag --taint; it belongs to role.'],
    ['nodes --no-yes', 'There is no flag --no-yes; did you mean "--nodes"?'],
    ['nodes --role=infra=x -o xml', '--output xml is not known; say one of text, wide, json, yaml.'],
    ['nodes -o', 'The flag --output needs a value: --output FORMAT.'],
    ['nodes --selector --yes', 'The flag --selector needs a value: --selector SELECTOR.'],
    ['nodes --as-group', 'The flag --as-group needs a value: --as-group GROUP.'],
    ['nodes --as-group g --as-group=', 'The flag --as-group needs a value: --as-group GROUP.'],
    ['nodes --kubeconfig -', 'The flag --kubeconfig needs a value: --kubeconfig FILE.'],
    ['nodes --selector=', 'The flag --selector needs a value: --selector SELECTOR.'],
    ['nodes -o json -o yaml', 'The flag --output can only be set once.'],
    ['node', '"node" needs more: metalk8s-console node NAME.'],
    ['node a b', '"node" takes no argument "b": metalk8s-console node NAME.'],
    [
      'etcd frobnicate',
      '"etcd" takes no argument "frobnicate"; the commands are etcd, etcd defragment, etcd disarm, etcd move-leader.',
    ],
    ['journal extra', '"journal" takes no argument "extra": metalk8s-console journal.'],
    ['node a --role infra', '"node" has no flag --role; it belongs to nodes, headroom.'],
    ['--role infra', 'The console has no flag --role; it belongs to nodes, headroom.'],
  ];
  it.each(wrong)('%s', (line, sentence) => expect(sentenceOf(line.split(' '))).toBe(sentence));

  it.each(['dry-run', 'read-only'] as const)('refuses a value for --%s, which would otherwise be lost', (flag) => {
    for (const value of ['server', 'client', 'true', 'false', 'none', ''])
      expect(sentenceOf(['cordon', 'n', `--${flag}=${value}`])).toBe(
        `The flag --${flag} takes no value; write it alone.`,
      );
  });
});

it('never fails in another way than with a sentence', () => {
  const word = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom(
      'nodes',
      'label',
      '--',
      '-',
      '-o',
      '-l',
      '--demo',
      '--__proto__=1',
      '--a.b=1',
      '-5',
      '--no-no-pods',
      '--output=json',
    ),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (argv) => {
      expect(sentenceOf(argv)).toMatch(/./);
    }),
  );
});

describe('the tables', () => {
  it('name every flag once as common or as belonging to commands', () => {
    const owned = new Set<string>(COMMANDS.flatMap(({ flags }) => flags));
    for (const name of COMMON_FLAGS) expect(owned).not.toContain(name);
    expect(new Set([...owned, ...COMMON_FLAGS])).toEqual(new Set(Object.keys(FLAGS)));
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    '%s shows examples that parse',
    (name, command) => {
      for (const { line } of command.examples) expect(parse(line.split(' ')).command.name).toBe(name);
    },
  );
});
