// Prometheus as the foreign judge of percentiles: its own promtool works out what a histogram of a page comes to.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The lines of a page that are the buckets of these histograms, in their order. */
export const bucketsIn = (page: string, histograms: readonly string[]): readonly string[] =>
  page.split('\n').filter((line) => histograms.some((name) => line.startsWith(`${name}_bucket{`)));

const LINE = /^(?<series>\S+\}) (?<value>\S+)$/;
const GOT = /got:\s+\{\} (\S+)/;

/** What promtool writes of a test that expects nothing: it fails, and says what it got. */
const unexpected = (file: string): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile('promtool', ['test', 'rules', file], (error, stdout, stderr) => {
      if (error === null || typeof error.code === 'number') resolve(stdout + stderr);
      else reject(new Error(`promtool: ${error.message}`));
    });
  });

/**
 * The 99th percentile that Prometheus works out of the buckets of one histogram, as lines of a page.
 * @throws when promtool is missing, or says nothing that is a number
 */
export async function p99Of(histogram: string, buckets: readonly string[]): Promise<number> {
  const lines = buckets.filter((line) => line.startsWith(`${histogram}_bucket{`));
  const input = lines.map((line) => {
    const { series = '', value = '' } = LINE.exec(line)?.groups ?? {};
    return { series, values: value };
  });
  const expr = `histogram_quantile(0.99, ${histogram}_bucket)`;
  const asked = { expr, eval_time: '0s', exp_samples: [] };
  const tests = [{ interval: '1m', input_series: input, promql_expr_test: [asked] }];
  const folder = await mkdtemp(join(tmpdir(), 'promtool-'));
  try {
    const file = join(folder, 'test.yml');
    // JSON is YAML.
    await writeFile(file, JSON.stringify({ rule_files: [], tests }));
    const said = await unexpected(file);
    const got = GOT.exec(said)?.[1];
    if (got === undefined) throw new Error(`promtool tells no percentile: ${said}`);
    return Number(got);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
