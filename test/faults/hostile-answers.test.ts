import { expect, test } from 'vitest';
import { newAuthority } from '../../source/sandbox/certificates.ts';
import { expectHarmless } from '../commands/hostile.ts';
import { runProgram } from '../commands/program.ts';
import { startPlace, PATIENT } from './place.tsx';
import { encoded, type Hurt } from './wire.ts';

/** Sequences that a terminal obeys, and how they are drawn. */
const EVIL = '\u001b[2J\u001b]0;owned\u0007\u202e';
const DRAWN = String.raw`\x1b[2J\x1b]0;owned\x07\u202e`;

const rewritten = (change: (text: string) => string): Hurt => ({
  json: true,
  body: async function* (body) {
    const chunks: Buffer[] = [];
    for await (const chunk of body) chunks.push(chunk);
    yield Buffer.from(change(Buffer.concat(chunks).toString('utf8')));
  },
});

const QUOTED = JSON.stringify(EVIL).slice(1, -1);

/** What somebody may have put into the answers of an API server, by the path of each. */
const HOSTILE: readonly (readonly [path: RegExp, hurt: Hurt])[] = [
  [/^\/(livez|readyz)\?verbose/, rewritten((text) => text.replace('[+]ping ok', `[-]ping${EVIL} failed: ${EVIL}`))],
  [/\/leases\b/, rewritten((text) => text.replaceAll(/("holderIdentity": ?")[^"]*/g, `$1holder${QUOTED}`))],
  [/\/jobs\b/, rewritten((text) => text.replaceAll(/("backup-replication-[^"]*)"/g, `$1${QUOTED}"`))],
];

type Wanted = readonly (string | RegExp)[];

/** What each command tells of it: to people as it is drawn, to programs as it came. */
const SHOWN: readonly (readonly [command: string, text: Wanted, json: Wanted])[] = [
  [
    'control-plane',
    [`check ping${DRAWN}`, `holder${DRAWN} leads`],
    [`check ping${EVIL}`, `holder${EVIL}`, /^backup-replication-.*\u202e$/s],
  ],
  // What reads certificates has written out the controls in names already.
  ['certificates', [/CN=authority\S*\\u202e/], ['CN=authority']],
];

test(
  'names of checks, jobs and authorities, and holders of leases are shown, never obeyed',
  PATIENT,
  async (context) => {
    const place = await startPlace(context.onTestFinished);
    const { wire, write, file, folder } = place;
    const authority = newAuthority(new Date(), `authority${EVIL}`);
    wire.certify(authority);
    write(
      wire
        .kubeconfig()
        .replace(/certificate-authority-data: \S+/, `certificate-authority-data: ${encoded(authority.caPem)}`),
    );
    wire.hurt = ({ path }) => HOSTILE.find(([asked]) => asked.test(path))?.[1];
    const ask = (command: string, form: string) =>
      runProgram([command, '-o', form, '--kubeconfig', file], { environment: { XDG_STATE_HOME: folder } });
    for (const [command, drawn, told] of SHOWN) {
      const text = await ask(command, 'wide');
      expectHarmless(text);
      for (const one of drawn) expect(text.stdout).toMatch(one);
      const texts = textsIn(JSON.parse((await ask(command, 'json')).stdout));
      for (const one of told)
        expect(texts).toContainEqual(
          typeof one === 'string' ? expect.stringContaining(one) : expect.stringMatching(one),
        );
    }
  },
);

const textsIn = (value: unknown): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsIn)
      : [];
