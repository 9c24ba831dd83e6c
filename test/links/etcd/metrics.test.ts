import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histogramOf, samplesIn, type Sample } from '../../../source/links/etcd/metrics.ts';

const read = (page: string, ...names: string[]) =>
  [...samplesIn(page, new Set(names))].map(({ name, labels, value }) => [name, Object.fromEntries(labels), value]);

describe('samples of a metrics page', () => {
  it.each<[string, string, unknown[]]>([
    ['a number', 'a 1', [['a', {}, 1]]],
    ['a float as Go writes it', 'a 2.147483648e+09', [['a', {}, 2_147_483_648]]],
    ['a float without digits before its point', 'a .5', [['a', {}, 0.5]]],
    ['a sample with a time', 'a 1 1395066363000', [['a', {}, 1]]],
    ['tabs between', 'a\t 1', [['a', {}, 1]]],
    ['lines of Windows', 'a 1\r\na 2\r\n', [['a', {}, 1], ['a', {}, 2]]], // prettier-ignore
    ['NaN', 'a NaN', [['a', {}, NaN]]],
    ['the infinities', 'a +Inf\na -Inf\na Inf', [['a', {}, Infinity], ['a', {}, -Infinity], ['a', {}, Infinity]]], // prettier-ignore
    ['labels', 'a{b="c",d="e"} 1', [['a', { b: 'c', d: 'e' }, 1]]],
    ['a label with a brace, a comma and a space', 'a{b="} , 2",} 1', [['a', { b: '} , 2' }, 1]]],
    ['escapes of a label', String.raw`a{b="\"\\\n"} 1`, [['a', { b: '"\\\n' }, 1]]],
    ['no value', 'a', []],
    ['an empty value', 'a ', []],
    ['a value that is no number', 'a one', []],
    ['a number that is none in this format', 'a 0x10', []],
    ['a comment', '# a 1\n#a 1', []],
    ['another name that begins alike', 'ab 1\na_b 1', []],
    ['a line without end', 'b 1\na 1', [['a', {}, 1]]],
    ['a line longer than any of etcd', `a{b="${'x'.repeat(3_000)}"} 1\na 2`, [['a', {}, 2]]],
    ['HTML', '<!doctype html>\n<a href="a 1">a 1</a>', []],
    ['nothing', '', []],
  ])('%s', (_, page, samples) => {
    expect(read(`${page}\n`, 'a')).toEqual(samples);
  });

  it('leaves out a line that was cut, of which a number may be half', () => {
    expect(read('a 1\na 23', 'a')).toEqual([['a', {}, 1]]);
  });

  it('reads ten megabytes of other lines in less than a second of computing', () => {
    const page = `${'other_metric_of_something{label="value"} 1\n'.repeat(250_000)}a 1\n`;
    const before = process.cpuUsage();
    expect(read(page, 'a')).toEqual([['a', {}, 1]]);
    expect(process.cpuUsage(before).user).toBeLessThan(1e6);
  });

  it('reads back what is written, whatever a label holds', () => {
    const label = fc.string({ unit: 'grapheme' });
    const written = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
    fc.assert(
      fc.property(label, fc.double({ noNaN: true }), (text, value) => {
        // A bare carriage return or line separator ends no line of the format.
        fc.pre(!/[\r\u2028\u2029]/.test(text));
        const number = Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf';
        expect(read(`a{b="${written(text)}"} ${number}\n`, 'a')).toEqual([['a', { b: text }, value + 0]]);
      }),
    );
  });
});

describe('a histogram of buckets', () => {
  const buckets = (...counts: readonly (readonly [string, number])[]): Sample[] =>
    counts.map(([le, value]) => ({ name: 'a', labels: new Map([['le', le]]), value }));

  it.each<[string, Sample[], ReturnType<typeof histogramOf>]>([
    ['in order', buckets(['0.1', 1], ['1', 2], ['+Inf', 3]), { bounds: [0.1, 1, Infinity], counts: [1, 2, 3] }],
    ['in disorder', buckets(['+Inf', 3], ['1', 2], ['0.1', 1]), { bounds: [0.1, 1, Infinity], counts: [1, 2, 3] }],
    ['a count below that before it', buckets(['1', 5], ['2', 4], ['+Inf', 6]), { bounds: [1, 2, Infinity], counts: [5, 5, 6] }], // prettier-ignore
    ['a bucket told twice', buckets(['1', 5], ['1', 6], ['+Inf', 6]), { bounds: [1, Infinity], counts: [6, 6] }],
    ['no bucket', [], null],
    ['only the one up to infinity', buckets(['+Inf', 3]), null],
    ['none up to infinity', buckets(['1', 2], ['2', 3]), null],
    ['a count that is no number', buckets(['1', NaN], ['+Inf', 3]), null],
    ['a count without end', buckets(['1', 1], ['+Inf', Infinity]), null],
    ['a count below zero', buckets(['1', -1], ['+Inf', 3]), null],
    ['a bound that is no number', buckets(['many', 1], ['+Inf', 3]), null],
    ['a bound that is NaN', buckets(['NaN', 1], ['1', 1], ['+Inf', 3]), null],
    ['no bound', [{ name: 'a', labels: new Map(), value: 1 }], null],
  ])('%s', (_, samples, histogram) => {
    expect(histogramOf(samples)).toEqual(histogram);
  });
});
