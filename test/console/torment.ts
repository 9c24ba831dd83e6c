import fc from 'fast-check';
import { KEY_TABLE } from '../../source/console/keys/key-table.ts';
import { KEYS } from '../terminal/screen.ts';

/** What may befall a terminal: bytes that are sent, another size, or that all so far is drawn. */
export type Torment =
  { readonly sent: Buffer } | { readonly columns: number; readonly rows: number } | { readonly drawn: true };

/** Keys of the table as a terminal sends them, those that leave the console excepted. */
const LETTERS = KEY_TABLE.flatMap(({ keys }): readonly string[] => keys)
  .filter((name) => name.length === 1 && name !== 'q')
  .concat('gg', ' ', '1', '=', 'cpu=1,replicas=9', 'rack=b2', 'Z');
const NAMED = Object.values(KEYS).filter((key) => key !== KEYS.ctrlC);
const CONTROLS = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).filter((key) => key !== KEYS.ctrlC);

/** What terminals send that is no key of ours: mouse reports (X10, SGR, urxvt), answers, keys of other protocols. */
const SEQUENCES = [
  '\u001b[M !!',
  '\u001b[M\u00ff\u00ff\u00ff',
  '\u001b[<0;10;10M',
  '\u001b[<64;999;999m',
  '\u001b[32;1;1M',
  '\u001b[?62;4c',
  '\u001b[24;80R',
  '\u001bP1$r0m\u001b\\',
  '\u001b]11;rgb:0000/0000/0000\u0007',
  '\u001b_Gi=1;OK\u001b\\',
  '\u001b[I',
  '\u001b[O',
  '\u001bOP',
  '\u001b[15~',
  '\u001b[1;5A',
  '\u001b[97;5u',
  '\u001b[27u',
  '\u001b[999999999999999999999z',
  '\u001b[;;;;;;;;H',
  '\u009b31m',
];
const HALVES = ['\u001b', '\u001b[', '\u001b[<0;1', '\u001b[M ', '\u001b]0;title', '\u001bP', '\u001b[200', '\u001bO'];
const BROKEN = [[0xff], [0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0x80, 0xbf]];

const text = fc.string({ unit: 'binary', maxLength: 30 }).map((some) => some.replace(/[q\u0003]/g, 'w'));
const input = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...LETTERS) },
  { weight: 20, arbitrary: fc.constantFrom(...NAMED) },
  { weight: 3, arbitrary: fc.constantFrom(...CONTROLS) },
  { weight: 4, arbitrary: fc.constantFrom(...SEQUENCES, ...HALVES) },
  { weight: 3, arbitrary: text.map((pasted) => `\u001b[200~${pasted}\u001b[201~`) },
  { weight: 2, arbitrary: text.map((pasted) => `\u001b[200~${pasted}`) },
  { weight: 1, arbitrary: fc.constantFrom('\u001b[201~', '\u001b[200~\u001b[200~', '\u001b[200~\u001b[A\u001b[201~') },
  { weight: 1, arbitrary: text },
);

/** Anything that a keyboard, a mouse, a clipboard, a bad line or a window may do, but for what leaves the console. */
export const torment: fc.Arbitrary<Torment> = fc.oneof(
  { weight: 60, arbitrary: input.map((sent) => ({ sent: Buffer.from(sent) })) },
  { weight: 4, arbitrary: fc.constantFrom(...BROKEN).map((bytes) => ({ sent: Buffer.from(bytes) })) },
  {
    weight: 4,
    arbitrary: fc.record({ columns: fc.integer({ min: 20, max: 400 }), rows: fc.integer({ min: 5, max: 120 }) }),
  },
  { weight: 3, arbitrary: fc.constant({ drawn: true } as const) },
);

/** Ends a paste and a sequence that are open, then leads back to the list. */
export const HOME = `\u001b[201~\u001b\\${'\u001b[27u'.repeat(6)}`;
