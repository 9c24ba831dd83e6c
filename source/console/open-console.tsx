import { render } from 'ink';
import type { Session } from '../session/session.ts';
import { createTerminalOutput } from '../terminal/terminal-output.ts';
import { stopJob, watchTerminal } from '../terminal/terminal-watch.ts';
import { App, type TerminalControl } from './app.tsx';
import { carrier } from './carry-out.ts';
import { createPulse } from './pulse.ts';
import type { Scenes } from './scenes.ts';
import { createTheme, themeOptionsOf } from './theme.ts';

export type ConsoleOptions = {
  readonly session: Session;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether colours may be used as far as the command line says. */
  readonly colour: boolean;
  /** What can be shown instead, and who shows it once the console has ended. */
  readonly scenes?: { readonly shown: Scenes; readonly choose: (scene: string) => void };
};

/**
 * Frames a second at most, so many that a key never waits for the frame of something else: data asks for four, held keys
 * for about thirty, and what a terminal does not take in time is not drawn.
 */
const MOST_FRAMES = 1_000;

/** How long a terminal that takes nothing is waited for when it is given back, ms. */
const GIVING_BACK = 1_000;

/** Exit code after Ctrl-C, as after SIGINT. */
const INTERRUPTED = 130;

/**
 * Runs the full-screen console until the operator leaves it or the terminal goes away; resolves to the exit code, or
 * rejects with a mistake that nothing caught. The terminal is given back as it was however it ends; the session is the
 * caller's to close.
 */
export async function openConsole(options: ConsoleOptions): Promise<number> {
  const { session, stdin, stdout, stderr, environment } = options;
  const wanted = themeOptionsOf(environment);
  const theme = createTheme({ ...wanted, colour: wanted.colour && options.colour });
  const pulse = createPulse(session.store, {
    now: session.now,
    elapsed: () => performance.now(),
    setTimeout,
    clearTimeout,
  });
  const ended = Promise.withResolvers<number>();
  const end = ended.resolve;
  const fail = (error: unknown) => ended.reject(error instanceof Error ? error : new Error(String(error)));

  const output = createTerminalOutput(stdout);
  /** Something ended the program, as a second signal does: Ink gives the terminal back, now or never. */
  const atExit = () => output.atExit(GIVING_BACK);
  // Before Ink listens for it too.
  process.on('exit', atExit);
  let control: TerminalControl | null = null;
  let lent = false;

  /** A job that is stopped is not told of a new size; the signal to itself makes Node ask for it. */
  const lookAtSize = () => void process.kill(process.pid, 'SIGWINCH');
  /** Gives the terminal away, then takes it anew and draws everything. What asks for it meanwhile gets that too. */
  const lend = async (meanwhile: () => void | Promise<void>) => {
    if (lent || control === null) return;
    lent = true;
    try {
      await control.suspendTerminal(meanwhile);
    } finally {
      lent = false;
    }
  };
  /** Gives the terminal to the shell and takes it back when the job goes on. */
  const suspend = () =>
    lend(async () => {
      await output.settled(GIVING_BACK);
      stopWatching();
      stopJob((pid, signal) => process.kill(pid, signal));
      stopWatching = watch();
      lookAtSize();
    });
  /** Another program may have left anything on the screen, and the terminal in any mode. */
  const redraw = () => lend(lookAtSize);
  const watch = () =>
    watchTerminal(
      process,
      { stdin, stdout },
      {
        onEnd: end,
        onStop: () => void suspend(),
        onContinue: () => void redraw(),
        onError: fail,
      },
    );
  let stopWatching = watch();

  const carryOut = carrier(session, (request) => {
    switch (request.type) {
      case 'show-scene':
        options.scenes?.choose(request.scene);
        end(0);
        return;
      case 'quit':
        end(request.interrupted ? INTERRUPTED : 0);
        return;
      case 'suspend':
        void suspend();
        return;
      case 'redraw':
        void redraw();
    }
  });

  const instance = render(
    <App
      session={session}
      theme={theme}
      pulse={pulse}
      carryOut={carryOut}
      scenes={options.scenes?.shown ?? null}
      onReady={(ready) => void (control = ready)}
    />,
    {
      stdin,
      stdout: output.stream,
      stderr,
      interactive: true,
      alternateScreen: true,
      maxFps: MOST_FRAMES,
      patchConsole: false,
      exitOnCtrlC: false,
    },
  );
  // A screen that cannot be drawn ends the console as an error, not as a hang.
  instance.waitUntilExit().then(() => end(0), fail);

  try {
    return await ended.promise;
  } finally {
    pulse.stop();
    instance.unmount();
    stopWatching();
    await output.settled(GIVING_BACK);
    output.close();
    process.off('exit', atExit);
  }
}
