import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openMemory } from '../../source/session/etcd-memory.ts';

const SERVER = 'https://10.0.0.1:6443';
const MEMBERS = [{ name: 'node-1', address: '10.0.0.1', id: 'b12c0c72d112e294' }];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'etcd-memory-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('the members seen last', () => {
  test('are remembered for each server by itself, in a file for this account alone', () => {
    const folder = join(newFolder(), 'made');
    openMemory(folder, SERVER).keep(MEMBERS);
    expect(openMemory(folder, SERVER).recall()).toEqual(MEMBERS);
    expect(openMemory(folder, 'https://10.9.9.9:6443').recall()).toEqual([]);
    const [file = ''] = readdirSync(folder);
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('are written when they are others than before, and never forgotten for none', () => {
    const folder = newFolder();
    openMemory(folder, SERVER).keep(MEMBERS);
    const [file = ''] = readdirSync(folder);
    const before = statSync(join(folder, file)).ino;
    const memory = openMemory(folder, SERVER);
    memory.recall();
    memory.keep(MEMBERS);
    memory.keep([]);
    expect(statSync(join(folder, file)).ino).toBe(before);
    memory.keep([{ name: 'node-2', address: '10.0.0.2', id: 'c3' }]);
    expect(
      openMemory(folder, SERVER)
        .recall()
        .map(({ name }) => name),
    ).toEqual(['node-2']);
    expect(readdirSync(folder)).toEqual([file]);
  });

  test.each([
    ['no JSON', 'members: none'],
    ['another shape', '[1]'],
    ['no addresses', JSON.stringify({ members: [{ name: 'a', address: 'somewhere/else', id: 'b2' }, 7] })],
  ])('are none where the file holds %s', (_, text) => {
    const folder = newFolder();
    openMemory(folder, SERVER).keep(MEMBERS);
    const [file = ''] = readdirSync(folder);
    writeFileSync(join(folder, file), text);
    expect(openMemory(folder, SERVER).recall()).toEqual([]);
  });

  test('are not remembered where nothing can be written', () => {
    const file = join(newFolder(), 'a-file');
    writeFileSync(file, '');
    const memory = openMemory(file, SERVER);
    memory.keep(MEMBERS);
    expect(memory.recall()).toEqual([]);
  });
});
