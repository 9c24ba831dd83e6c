import { format } from 'prettier';
import { expect, it } from 'vitest';
import { commandsDocument } from '../../source/commands/help.ts';
import { jsonSchemas } from '../../source/commands/kinds/kinds.ts';

// Files under docs/ that are made from the program. A test run with -u writes them anew.

it('docs/commands.md is what the table of commands says', async () => {
  await expect(commandsDocument()).toMatchFileSnapshot('../../docs/commands.md');
});

it.each(Object.entries(jsonSchemas()))('docs/schemas/%s.json is what the types say', async (name, schema) => {
  const text = await format(JSON.stringify(schema), { parser: 'json', printWidth: 120 });
  await expect(text).toMatchFileSnapshot(`../../docs/schemas/${name}.json`);
});
