// Loaded into every thread of a console that is soaked (`--import`). On SIGUSR2 each thread collects its garbage and says
// what is left; the main thread writes the sum to the file named by BENCH_PROBE, with the number of the question.
import { renameSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BroadcastChannel, isMainThread } from 'node:worker_threads';
import { THREADS, type Held } from './growth.ts';

/** How long the main thread waits for what the others say, ms; then it says how many have answered. */
const PATIENCE = 20_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const count = (resources: readonly string[], kind: RegExp): number =>
  resources.filter((resource) => kind.test(resource)).length;

function held(): Held {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  const resources = process.getActiveResourcesInfo();
  const emitters = isMainThread ? [process, process.stdin, process.stdout] : [process];
  return {
    threads: 1,
    heap: heapUsed + external,
    sockets: count(resources, /^(TCP|TLS|Pipe)/),
    timers: count(resources, /^(Timeout|Immediate)/),
    listeners: emitters
      .flatMap((emitter) => emitter.eventNames().map((name) => emitter.listenerCount(name)))
      .reduce((sum, each) => sum + each, 0),
  };
}

const added = (one: Held, other: Held): Held => ({
  threads: one.threads + other.threads,
  heap: one.heap + other.heap,
  sockets: one.sockets + other.sockets,
  timers: one.timers + other.timers,
  listeners: one.listeners + other.listeners,
});

const file = process.env['BENCH_PROBE'];
const questions = new BroadcastChannel('soak-question');
const answers = new BroadcastChannel('soak-answer');
questions.unref();
answers.unref();

if (file !== undefined && isMainThread) {
  let asked = 0;
  let sum: Held | null = null;
  let bound: NodeJS.Timeout | undefined;
  const tell = () => {
    clearTimeout(bound);
    writeFileSync(`${file}.next`, JSON.stringify({ asked, held: sum }));
    renameSync(`${file}.next`, file);
    sum = null;
  };
  answers.onmessage = ({ data }: { data: { readonly asked: number; readonly held: Held } }) => {
    if (sum === null || data.asked !== asked) return;
    sum = added(sum, data.held);
    if (sum.threads === THREADS) tell();
  };
  process.on('SIGUSR2', () => {
    asked += 1;
    sum = held();
    questions.postMessage(asked);
    bound = setTimeout(tell, PATIENCE).unref();
  });
} else if (file !== undefined) {
  questions.onmessage = ({ data: asked }: { data: number }) => {
    answers.postMessage({ asked, held: held() });
  };
}
