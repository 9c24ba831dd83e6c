import { expect, test } from 'vitest';
import { systemClock } from '../../source/sandbox/sandbox.ts';
import { runProgram } from '../commands/program.ts';
import { asked, untoldIn } from './etcd-asked.ts';
import { PATIENT, startPlace } from './place.tsx';

const MINUTE = 60_000;

function* numbersIn(value: unknown): Generator<number> {
  if (typeof value === 'number') yield value;
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) yield* numbersIn(each);
}

type Health = { readonly areas: Readonly<Record<string, { readonly verdict: string | null }>> };

test.for([10, -10])(
  'a cluster whose clock is %i minutes away: all of etcd is told, and nothing is younger than now',
  PATIENT,
  async (minutes, context) => {
    const clock = { ...systemClock, now: () => Date.now() + minutes * MINUTE };
    const place = await startPlace(context.onTestFinished, { clock, heartbeats: true });
    const { code, document } = await asked(place);
    expect(code).toBe(0);
    expect(untoldIn(document)).toEqual([]);
    for (const member of document.members) expect([member.name, ...untoldIn(member)]).toEqual([member.name]);
    expect([...numbersIn(document)].filter((number) => number < 0)).toEqual([]);
    const { stdout } = await runProgram(['health', '-o', 'json', '--kubeconfig', place.file], {
      environment: { XDG_STATE_HOME: place.folder },
    });
    const { areas } = JSON.parse(stdout) as Health;
    expect(areas).toMatchObject({
      etcd: { verdict: 'healthy' },
      nodes: { verdict: 'healthy' },
      certificates: { verdict: 'healthy' },
      backup: { verdict: 'healthy' },
    });
    // Whoever looks once cannot tell by another clock than its own whether a lease is held, and must not say it is not.
    expect(areas['control-plane']?.verdict).toMatch(/^(healthy|unknown)$/);
  },
);
