import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

const MEMORY = new URL('../../source/commands/memory.ts', import.meta.url).href;

/** MiB of the young generation of a program of its own, at its end. */
function youngGeneration(first: string): number {
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8';
    ${first}
    let kept = [];
    for (let count = 0; count < 2_000_000; count += 1) {
      kept.push({ count, text: 'number ' + count });
      if (kept.length > 200_000) kept = kept.slice(150_000);
    }
    console.log(getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space').space_size / 2 ** 20);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' }));
}

it('keeps the young generation at 16 MiB, whatever is thrown away', () => {
  expect(youngGeneration('')).toBeGreaterThan(32);
  const bounded = youngGeneration(`import { boundMemory } from ${JSON.stringify(MEMORY)}; boundMemory();`);
  expect(bounded).toBeGreaterThanOrEqual(8);
  expect(bounded).toBeLessThanOrEqual(16);
});
