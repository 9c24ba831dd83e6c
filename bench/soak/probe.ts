// Loaded into every thread of a console that is soaked (`--import`). On SIGUSR2 each thread collects its garbage and says
// what is left; the main thread writes the sum to the file named by SOAK_PROBE, with the number of the question.
import { renameSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

/** What one thread holds once its garbage is collected, or all of them together. */
export type Held = {
  readonly threads: number;
  readonly heap: number;
  readonly sockets: number;
  readonly timers: number;
  readonly listeners: number;
};

/** How long the main thread waits for what the others say, ms. */
const PATIENCE = 2_000;

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

const file = process.env['SOAK_PROBE'];
const questions = new BroadcastChannel('soak-question');
const answers = new BroadcastChannel('soak-answer');
questions.unref();
answers.unref();

if (file !== undefined && isMainThread) {
  let asked = 0;
  let sum: Held | null = null;
  answers.onmessage = ({ data }: { data: Held }) => {
    if (sum !== null) sum = added(sum, data);
  };
  process.on('SIGUSR2', () => {
    asked += 1;
    sum = held();
    questions.postMessage(asked);
    setTimeout(() => {
      writeFileSync(`${file}.next`, JSON.stringify({ asked, held: sum }));
      renameSync(`${file}.next`, file);
    }, PATIENCE).unref();
  });
} else if (file !== undefined) {
  questions.onmessage = () => {
    answers.postMessage(held());
  };
}
