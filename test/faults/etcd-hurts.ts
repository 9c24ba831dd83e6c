import type { Lift, Strike } from './etcd-place.tsx';
import type { Place } from './place.tsx';
import type { Running } from './wire-exec.ts';
import type { Hurt, Passing, Stream } from './wire.ts';
import type { Spoken } from './spoken.ts';

/** The node of the member to which the faults of one member are done; it follows. */
export const HURT = 'par1-control-2';

export const hurting =
  (choose: (passing: Passing, place: Place) => Hurt | undefined): Strike =>
  (place): Lift => {
    place.wire.hurt = (passing) => choose(passing, place);
    return () => {
      place.wire.hurt = null;
    };
  };

const isOf = (page: string, path: string): boolean => path.includes(`/pods/etcd-${HURT}:2381/proxy/${page}`);

/** Does something to one page of the member. */
export const page = (which: 'metrics' | 'health', hurt: Hurt | ((place: Place) => Hurt)): Strike =>
  hurting(({ path }, place) => (isOf(which, path) ? (typeof hurt === 'function' ? hurt(place) : hurt) : undefined));

/** Does something to whatever is asked of the member by the proxy of its pod. */
export const both = (hurt: Hurt | ((place: Place) => Hurt)): Strike =>
  hurting(({ path }, place) => (isOf('', path) ? (typeof hurt === 'function' ? hurt(place) : hurt) : undefined));

/** Does something to every command in a pod. */
export const commands = (hurt: Hurt | ((place: Place) => Hurt)): Strike =>
  hurting(({ path }, place) =>
    path.includes('/exec?') ? (typeof hurt === 'function' ? hurt(place) : hurt) : undefined,
  );

export const answers = (answer: Spoken): Hurt => ({ answer: () => answer });

async function textOf(body: Stream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Other text in place of what a page says. */
export const written = (change: (text: string) => string): Hurt => ({
  body: async function* (body) {
    yield Buffer.from(change(await textOf(body)));
  },
});

export const HTML: Spoken = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><html><body><h1>Sign in</h1></body></html>',
};

/** Metrics without end: whoever reads them all is never done. */
export async function* endless(): AsyncGenerator<Buffer> {
  const lines = Buffer.from('etcd_debugging_of_something{label="value"} 1\n'.repeat(2_000));
  for (;;) {
    yield lines;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A byte a second. */
export const dripping = ({ clock }: Place) =>
  async function* (body: Stream): AsyncGenerator<Buffer> {
    for await (const chunk of body)
      for (const byte of chunk) {
        yield Buffer.from([byte]);
        await new Promise<void>((resolve) => void clock.after(1_000, resolve));
      }
  };

export const never = (): Promise<never> => new Promise(() => undefined);

/** Values of samples whose name begins so, in place of their own. */
export const valued = (name: string, value: string): Hurt =>
  written((text) => text.replaceAll(new RegExp(`^(${name}\\S*) \\S+$`, 'gm'), `$1 ${value}`));

/** Runs the command, and tells what it wrote in another way. */
export const told =
  (change: (stdout: string, words: string) => string): ((running: Running) => void) =>
  ({ words, ran, stdout, end }) => {
    void ran().then((real) => {
      stdout(change(real.stdout, words));
      end(real.exitCode);
    });
  };

/** Several things at once; the first that has something to do to what passes does it. */
export const several =
  (...strikes: readonly Strike[]): Strike =>
  (place) => {
    const hurts = strikes.map((strike) => {
      strike(place);
      return place.wire.hurt;
    });
    place.wire.hurt = (passing) => {
      for (const hurt of hurts) {
        const done = hurt?.(passing);
        if (done !== undefined) return done;
      }
      return undefined;
    };
    return () => {
      place.wire.hurt = null;
    };
  };
