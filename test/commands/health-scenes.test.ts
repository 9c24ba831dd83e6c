import { describe, expect, it } from 'vitest';
import type { HealthDocument } from '../../source/commands/kinds/health.ts';
import { AREAS } from '../../source/checks/verdict/verdict.ts';
import { EXIT_OF } from '../../source/commands/health-answer.ts';
import { exitCode } from '../../source/commands/exit.ts';
import type { SceneName } from '../../source/sandbox/sandbox.ts';
import { ABSENT, TOLD_SCENES, WELL, type ToldScene } from '../scenes.ts';
import { schemaErrors } from './program.ts';
import { sandboxed } from './sandboxed.ts';

const signOf = { 'at-risk': 'X ', degraded: '! ', unknown: '? ', healthy: '  ' } as const;

describe.each(Object.entries(TOLD_SCENES) as [SceneName, ToldScene][])('health in the scene %s', (scene, told) => {
  const box = sandboxed({ scene, heartbeats: true, happened: true });

  it('says by one look, to people and to programs, what the screen says', { timeout: 30_000 }, async () => {
    const [text, json] = await Promise.all([box.cli('health'), box.json('health')]);
    const document = json.document as HealthDocument;

    expect(schemaErrors('health', document)).toEqual([]);
    expect(document).toMatchObject({ kind: 'Health', verdict: told.verdict });
    expect([text.code, json.code]).toEqual(Array(2).fill(exitCode(EXIT_OF[told.verdict])));

    const lines = text.stdout.split('\n');
    expect(lines[0]).toBe(told.verdict === 'at-risk' ? 'AT RISK' : told.verdict);
    for (const area of AREAS) {
      const { verdict, sentence } = document.areas[area];
      const absent = ABSENT[area];
      if (absent !== undefined) {
        expect([area, verdict, sentence]).toEqual([area, null, absent]);
        expect(lines).toContain(`- ${absent}`);
        continue;
      }
      const expected = told.areas[area];
      if (expected === undefined && told.isDark === true) {
        expect([area, verdict]).toEqual([area, 'unknown']);
        continue;
      }
      const { verdict: wanted, words } = expected ?? { verdict: 'healthy', words: WELL[area] };
      expect([area, verdict]).toEqual([area, wanted]);
      expect(sentence).toMatch(words ?? /never/);
      const line = lines.find((one) => one.startsWith(signOf[wanted]) && (words ?? /never/).test(one.slice(2)));
      expect([area, line]).toEqual([area, expect.any(String)]);
    }

    const [worst] = document.reasons.filter(({ severity, next }) => severity !== 'healthy' && next !== null);
    if (told.worst === null) expect(worst).toBe(undefined);
    else {
      expect(worst).toMatchObject({ area: told.worst.area, next: { screen: told.worst.screen } });
      expect(worst?.sentence).toContain(told.worst.names);
    }
  });
});
