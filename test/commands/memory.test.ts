import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const MEMORY = new URL('../../source/commands/memory.ts', import.meta.url).href;

/** Defines `half`, the MiB that a young generation has for objects, by the power of two that it doubles to, and `work`, which keeps some and throws most away. */
const TOOLS = `
  import { cachedDataVersionTag, getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
  import { runInNewContext } from 'node:vm';
  import { isMainThread, Worker } from 'node:worker_threads';
  const half = () => {
    const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    return 2 ** Math.round(Math.log2((space.space_used_size + space.space_available_size) / 2 ** 20));
  };
  const work = async () => {
    let kept = [];
    for (let count = 0; count < 400_000; count += 1) {
      kept.push({ count, text: 'number ' + count });
      if (kept.length > 200_000) kept = kept.slice(150_000);
      if (count % 2_000 === 0) await new Promise(setImmediate);
    }
  };
  const shrink = () => {
    setFlagsFromString('--expose-gc');
    runInNewContext('gc')({ type: 'major', flavor: 'last-resort' });
  };
  const inThread = async (code) => {
    const url = new URL('data:text/javascript,' + encodeURIComponent(code));
    const thread = new Worker(url);
    return new Promise((resolve) => thread.once('message', resolve));
  };
`;
const IN_THREAD = `
  import { parentPort } from 'node:worker_threads';
  const first = half();
  await work();
  parentPort.postMessage([first, half()]);`;

/** What a program of its own makes of `result`, whose memory is bounded or as V8 would have it. */
function told(program: string, isBounded = true): unknown {
  const bound = isBounded
    ? `import { boundGrowth, sizeYoungGenerations } from ${JSON.stringify(MEMORY)}; sizeYoungGenerations(); boundGrowth();`
    : '';
  const code = `${TOOLS}\nconst IN_THREAD = ${JSON.stringify(TOOLS + IN_THREAD)};\n${bound}\n${program}\nconsole.log(JSON.stringify(result));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' });
  return JSON.parse(output);
}

describe('a young generation', () => {
  const WORKED = 'await work(); const result = half();';

  it('of V8 alone grows to more', () => expect(told(WORKED, false)).toBeGreaterThan(8));

  it('is held at 8 MiB for objects, whatever is thrown away', () => expect(told(WORKED)).toBe(8));

  it('that V8 has made smaller grows to its bound again', () =>
    expect(told('await work(); shrink(); const small = half(); await work(); const result = [small, half()];')).toEqual(
      [1, 8],
    ));

  it('of a thread is 8 MiB from the first on, whenever it is started', () =>
    expect(
      told('const first = await inThread(IN_THREAD); await work(); const result = [first, await inThread(IN_THREAD)];'),
    ).toEqual([
      [8, 8],
      [8, 8],
    ]));
});

describe('code that was compiled ahead', () => {
  const TAGS = `
    import { sizeYoungGenerations } from ${JSON.stringify(MEMORY)};
    const before = cachedDataVersionTag();`;
  const same = (change: string) => told(`${TAGS} ${change}; const result = cachedDataVersionTag() === before;`, false);

  it('is good also after young generations were sized', () => expect(same('sizeYoungGenerations()')).toBe(true));

  it('is refused under a flag that changes it', () =>
    expect(same("setFlagsFromString('--heap-growing-percent=30')")).toBe(false));
});
