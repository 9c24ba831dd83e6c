import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { asYaml } from '../../source/commands/as-yaml.ts';
import { visible } from '../../source/text/visible.ts';
import { asJson, ReaderGoneError, write } from '../../source/commands/output.ts';

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\u001b',
      '\u009b',
      '\u202e',
      '\u2028',
      '\t',
      '\n',
      '\r',
      '\u0085',
      ':',
      '#',
      '"',
      "'",
      '\\',
      ' ',
      '-',
      '\u200b',
      '\ufeff',
    ),
    fc.string({ maxLength: 1 }),
  ),
});
const documents = fc.dictionary(
  fc.string({ maxLength: 5 }).filter((key) => key !== '__proto__'),
  fc.oneof(hostile, fc.array(hostile), fc.integer(), fc.constant(null)),
);
const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\ufeff]/;

describe('documents', () => {
  it('as JSON keep every value and hold nothing that a terminal obeys', () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect(JSON.parse(asJson(document))).toEqual(document);
        expect(asJson(document)).not.toMatch(obeyed);
      }),
    );
  });

  it('as YAML keep every value and hold nothing that a terminal obeys', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const text = asYaml(document);
        expect(text).not.toMatch(obeyed);
        expect(parse(text)).toEqual(document);
      }),
    );
  });

  const tag = String.fromCodePoint(0xe0041);
  it.each(['\u00ad', '\ufff9', '\ufffb', '\u034f', '\u180e', '\u3164', '\ufe0f', tag, '\ud800', '\u202e', '\u061c'])(
    'hold nothing that a terminal hides: %j',
    (hidden) => {
      const document = { [`k${hidden}`]: `a${hidden}b` };
      for (const text of [asJson(document), asYaml(document)]) {
        expect(visible(text.replaceAll('\n', ''))).toBe(text.replaceAll('\n', ''));
        expect(parse(text)).toEqual(document);
      }
      expect(JSON.parse(asJson(document))).toEqual(document);
    },
  );

  it('as YAML keep blanks at the end of a line', () => {
    expect(asYaml({ message: ' \n' })).toBe('message: "\\ \\n"\n');
  });

  it('as YAML write the same object twice instead of a reference', () => {
    const shared = { cpu: 1 };
    expect(asYaml({ one: shared, other: shared })).toBe('one:\n  cpu: 1\nother:\n  cpu: 1\n');
  });
});

it('tells a reader that went away from other failures', async () => {
  const broken = new PassThrough();
  broken.on('error', () => undefined);
  broken.destroy();
  await expect(write(broken, 'text')).rejects.toBeInstanceOf(ReaderGoneError);
});
