import { spawn } from 'node:child_process';
import { ConfigurationError } from './access.ts';
import { asArray, asName, asObject, asObjects, asText, asTime, type Fields } from './fields.ts';

/** What a credential plugin gave; it is used until it expires or the server refuses it. */
export type PluginCredential = {
  readonly token: string | null;
  readonly certificate: string | null;
  readonly key: string | null;
  /** ms since the epoch; null means until refused. */
  readonly expiresAt: number | null;
};

/** To be asked once at a time. Rejects with a ConfigurationError; nothing it says holds a secret. */
export type ExecPlugin = () => Promise<PluginCredential>;

type Setting = {
  readonly user: string;
  /** The kubeconfig's `exec`, and what `provideClusterInfo` passes on. */
  readonly exec: Fields;
  readonly cluster: Fields;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  /** Whether a person can be asked: stdin is a terminal. True for the first run only, since the screen comes after. */
  readonly interactive: boolean;
  /** ms after which a plugin that asks nobody is killed; a minute unless given. */
  readonly longestRun?: number;
};

const RENEW_BEFORE_EXPIRY = 10_000;
const LONGEST_RUN = 60_000;
/** ms for what an ended plugin wrote to arrive; whatever it started may hold the pipe for ever. */
const GRACE = 250;
const LONGEST_ANSWER = 1_000_000;

/** Runs the credential plugin of a kubeconfig user (client.authentication.k8s.io, v1 and v1beta1). */
export function createExecPlugin(setting: Setting): ExecPlugin {
  let held: PluginCredential | null = null;
  let mayAsk = setting.interactive;

  return async () => {
    if (held !== null && (held.expiresAt === null || setting.now() < held.expiresAt - RENEW_BEFORE_EXPIRY)) return held;
    const interactive = mayAsk;
    mayAsk = false;
    return (held = await runPlugin(setting, interactive));
  };
}

async function runPlugin(setting: Setting, mayAsk: boolean): Promise<PluginCredential> {
  const { exec, user } = setting;
  const command = asName(exec['command']);
  if (command === null)
    throw new ConfigurationError(`User "${user}" has an exec plugin without a command; add it to the kubeconfig.`);
  const mode = asName(exec['interactiveMode']) ?? 'IfAvailable';
  if (mode === 'Always' && !mayAsk)
    throw new ConfigurationError(
      `The credential plugin ${command} of user "${user}" needs a terminal to ask on; start the console in one, or again.`,
    );
  const interactive = mayAsk && mode !== 'Never';
  const { output, end } = await started(
    command,
    asArray(exec['args']).map(asText),
    { ...setting.environment, ...variables(exec), KUBERNETES_EXEC_INFO: execInfo(setting, interactive) },
    interactive ? null : (setting.longestRun ?? LONGEST_RUN),
  );
  if (end !== null) {
    const hint = asName(exec['installHint'])?.split('\n')[0];
    throw new ConfigurationError(
      `The credential plugin ${command} of user "${user}" ${end}; ${hint ?? 'run it by hand to see why'}.`,
    );
  }
  return credentialIn(output, asText(exec['apiVersion']), `The credential plugin ${command} of user "${user}"`);
}

const variables = (exec: Fields) =>
  Object.fromEntries(asObjects(exec['env']).map((entry) => [asText(entry['name']), asText(entry['value'])]));

const execInfo = ({ exec, cluster }: Setting, interactive: boolean) =>
  JSON.stringify({
    kind: 'ExecCredential',
    apiVersion: asText(exec['apiVersion']),
    spec: { interactive, ...(exec['provideClusterInfo'] === true ? { cluster } : {}) },
  });

/** Has the terminal where `longestRun` is null. `end` is null after exit code 0, else how it ended, as a clause. */
function started(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  longestRun: number | null,
): Promise<{ output: string; end: string | null }> {
  return new Promise((resolve) => {
    const interactive = longestRun === null;
    const plugin = spawn(command, args, {
      env,
      stdio: [interactive ? 'inherit' : 'ignore', 'pipe', interactive ? 'inherit' : 'pipe'],
      ...(interactive ? {} : { timeout: longestRun, killSignal: 'SIGKILL' }),
    });
    let output = '';
    let complaint = '';
    plugin.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < LONGEST_ANSWER) output += text;
    });
    plugin.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (complaint.length < 1_000) complaint += text;
    });
    plugin.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ output: '', end: `could not be started (${error.code ?? error.name})` }),
    );
    plugin.once('exit', () => {
      const letGo = () => {
        plugin.stdout?.destroy();
        plugin.stderr?.destroy();
      };
      const timer = setTimeout(letGo, GRACE);
      plugin.once('close', () => clearTimeout(timer));
    });
    plugin.once('close', (code, signal) => {
      const line = complaint.trim().split('\n')[0]?.slice(0, 200);
      const end = `ended with ${signal ?? `code ${code}`}${line ? ` (${line})` : ''}`;
      resolve({ output, end: code === 0 ? null : end });
    });
  });
}

/** The output holds a token, so it is never quoted. */
function credentialIn(output: string, apiVersion: string, who: string): PluginCredential {
  const answer = parsed(output);
  const status = asObject(answer?.['status']);
  if (answer?.['kind'] !== 'ExecCredential' || status === null)
    throw new ConfigurationError(`${who} did not print an ExecCredential; run it by hand to see what it prints.`);
  if (answer['apiVersion'] !== apiVersion)
    throw new ConfigurationError(
      `${who} answers in version ${asText(answer['apiVersion'])}, the kubeconfig asks for ${apiVersion}; make them agree.`,
    );
  const credential = {
    token: asName(status['token']),
    certificate: asName(status['clientCertificateData']),
    key: asName(status['clientKeyData']),
    expiresAt: asTime(status['expirationTimestamp']),
  };
  if (credential.token === null && (credential.certificate === null || credential.key === null))
    throw new ConfigurationError(`${who} gave neither a token nor a certificate with its key; renew its login.`);
  return credential;
}

function parsed(text: string) {
  try {
    return asObject(JSON.parse(text));
  } catch {
    // Told by the caller, without the parser's message, which quotes the text.
    return null;
  }
}
