// kubectl as the foreign judge. It reads quantities by a few lines of its own: the judge must not share the console's mistakes.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type KubectlAnswer = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Billionths of the base unit (cores, bytes, pieces), so that no quantity is ever rounded. */
export type Amount = bigint;

/** A row of the table "Non-terminated Pods". */
export type DescribedPod = {
  readonly namespace: string;
  readonly name: string;
  readonly cpuRequests: Amount;
  readonly cpuLimits: Amount;
  readonly memoryRequests: Amount;
  readonly memoryLimits: Amount;
};

/** What `kubectl describe node` says of the resources of one node. */
export type DescribedNode = {
  readonly name: string;
  readonly pods: readonly DescribedPod[];
  /** "Allocated resources" by resource name: cpu, memory, ephemeral-storage, hugepages-2Mi … */
  readonly allocated: ReadonlyMap<string, { readonly requests: Amount; readonly limits: Amount }>;
  /** The per cent of what is allocatable that stand beside these amounts, as text; resources without them are left out. */
  readonly shares: ReadonlyMap<string, { readonly requests: string; readonly limits: string }>;
};

const LONGEST_ANSWER = 256 * 1024 * 1024;
const PATIENCE = 120_000;

/** Runs kubectl with a kubeconfig given as text; whatever exit code it ends with is part of the answer. */
export async function kubectl(kubeconfig: string, ...words: readonly string[]): Promise<KubectlAnswer> {
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-'));
  const file = join(folder, 'kubeconfig');
  try {
    await writeFile(file, kubeconfig, { mode: 0o600 });
    return await new Promise((resolve, reject) => {
      const settings = {
        maxBuffer: LONGEST_ANSWER,
        timeout: PATIENCE,
        env: { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: file },
      };
      execFile('kubectl', words, settings, (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number')
          reject(new Error(`kubectl ${words.join(' ')} could not be run to its end: ${error.message}.`));
        else resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const NANO = 10n ** 9n;
const SCALES: Readonly<Record<string, bigint>> = {
  n: 1n,
  u: 10n ** 3n,
  m: 10n ** 6n,
  '': NANO,
  k: NANO * 10n ** 3n,
  M: NANO * 10n ** 6n,
  G: NANO * 10n ** 9n,
  T: NANO * 10n ** 12n,
  P: NANO * 10n ** 15n,
  E: NANO * 10n ** 18n,
  Ki: NANO * 2n ** 10n,
  Mi: NANO * 2n ** 20n,
  Gi: NANO * 2n ** 30n,
  Ti: NANO * 2n ** 40n,
  Pi: NANO * 2n ** 50n,
  Ei: NANO * 2n ** 60n,
};

/**
 * A quantity as kubectl prints it: mostly canonical, but some are given back as they were written ("+3").
 * @throws on what is no quantity, or is finer than a billionth
 */
export function parseAmount(text: string): Amount {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+)|([a-zA-Z]*))$/.exec(text);
  const [, sign = '', whole = '', fraction = '', exponent, suffix = ''] = match ?? [];
  const scale = exponent === undefined ? SCALES[suffix] : 10n ** BigInt(9 + Number(exponent));
  const digits = whole + fraction;
  if (match === null || digits === '' || scale === undefined) throw new Error(`"${text}" is no quantity.`);
  const scaled = BigInt(sign + digits) * scale;
  const divisor = 10n ** BigInt(fraction.length);
  if (scaled % divisor !== 0n) throw new Error(`"${text}" is finer than a billionth.`);
  return scaled / divisor;
}

/** The rows of the table under a heading, as cells; cells stand two blanks or more apart. */
function tableUnder(heading: string, description: string): string[][] {
  const lines = description.split('\n');
  const start = lines.findIndex((line) => line.startsWith(heading));
  const ruler = lines.findIndex((line, index) => index > start && /^\s+-{3}/.test(line));
  if (start < 0 || ruler < 0) return [];
  const rows: string[][] = [];
  for (const line of lines.slice(ruler + 1)) {
    if (!line.startsWith('  ')) break;
    rows.push(line.trim().split(/\s{2,}/));
  }
  return rows;
}

/** "750m (18%)" or "750m". */
const amountIn = (cell: string | undefined): Amount => parseAmount(cell?.split(' ')[0] ?? '');

const shareIn = (cell: string | undefined): string | undefined => /\((-?\d+%)\)/.exec(cell ?? '')?.[1];

/**
 * The rows of a table that `kubectl get` prints, cells by title. Cells may be empty or hold blanks, so they are cut where the
 * titles stand.
 */
export function parseTable(text: string): Readonly<Record<string, string>>[] {
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const titles = [...head.matchAll(/\S+(?: \S+)*/g)];
  return lines.map((line) =>
    Object.fromEntries(
      titles.map((title, column) => [title[0], line.slice(title.index, titles[column + 1]?.index).trim()]),
    ),
  );
}

/** Reads the output of `kubectl describe node` for one node. */
export function parseDescription(description: string): DescribedNode {
  const name = /^Name:\s+(\S+)$/m.exec(description)?.[1];
  if (name === undefined) throw new Error(`This is no description of a node: ${description.slice(0, 200)}`);
  const pods = tableUnder('Non-terminated Pods:', description).map(([namespace = '', pod = '', ...cells]) => ({
    namespace,
    name: pod,
    cpuRequests: amountIn(cells[0]),
    cpuLimits: amountIn(cells[1]),
    memoryRequests: amountIn(cells[2]),
    memoryLimits: amountIn(cells[3]),
  }));
  const table = tableUnder('Allocated resources:', description);
  const allocated = table.map(
    ([resource = '', requests, limits]) =>
      [resource, { requests: amountIn(requests), limits: amountIn(limits) }] as const,
  );
  const shares = table.flatMap(([resource = '', ...cells]) => {
    const [requests, limits] = cells.map(shareIn);
    return requests === undefined || limits === undefined ? [] : [[resource, { requests, limits }] as const];
  });
  return { name, pods, allocated: new Map(allocated), shares: new Map(shares) };
}

/** kubectl slows itself down, so that several take turns of a few nodes each. */
const NODES_A_TURN = 10;
const SIDE_BY_SIDE = 5;

/**
 * What kubectl says of each of these nodes.
 * @throws when kubectl fails, with what it said
 */
export async function describeNodes(kubeconfig: string, names: readonly string[]): Promise<DescribedNode[]> {
  const turns = Array.from({ length: Math.ceil(names.length / NODES_A_TURN) }, (_, index) =>
    names.slice(index * NODES_A_TURN, (index + 1) * NODES_A_TURN),
  );
  const described: DescribedNode[] = [];
  const takeTurns = async () => {
    for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) {
      const { code, stdout, stderr } = await kubectl(kubeconfig, 'describe', 'node', '--show-events=false', ...turn);
      if (code !== 0) throw new Error(`kubectl describe node ${turn.join(' ')}: exit ${code}. ${stderr}`);
      described.push(...stdout.split(/^(?=Name:\s)/m).map(parseDescription));
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, takeTurns));
  return described;
}
