import { COMMANDS } from './commands.ts';
import type { Command } from './command.ts';
import { EXIT_CODES } from './exit.ts';
import { COMMON_FLAGS, flagOf, flagUsage } from './flags.ts';
import type { FlagName } from './flags.ts';

export const PROGRAM = 'metalk8s-console';
const WIDTH = 80;

/** Breaks a paragraph into lines of at most `width` characters. */
function wrap(paragraph: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

const WIDEST_NAME = 24;

/** Two columns: names, and what they mean, wrapped in the second. */
function twoColumns(rows: readonly (readonly [string, string])[]): string {
  const first = Math.min(WIDEST_NAME, Math.max(...rows.map(([name]) => name.length)));
  return rows
    .map(([name, meaning]) => {
      const lines = wrap(meaning, WIDTH - first - 4).map((line) => ' '.repeat(first + 4) + line);
      return [`  ${name.padEnd(first)}  ${(lines[0] ?? '').trimStart()}`, ...lines.slice(1)].join('\n');
    })
    .join('\n');
}

const flagRows = (names: readonly FlagName[]): (readonly [string, string])[] =>
  names.map((name) => [flagUsage(name), flagOf(name).help] as const);

const exitRows = Object.values(EXIT_CODES).map(({ code, meaning }) => [String(code), meaning] as const);

export const usageOf = (command: Command): string =>
  [PROGRAM, command.name, command.arguments, '[FLAGS]'].filter((word) => word !== '').join(' ');

/** `--help`. */
export function programHelp(): string {
  return `${[
    `Usage: ${PROGRAM} [COMMAND] [FLAGS]`,
    wrap(
      'Without a command it opens the full-screen console. With one it answers once, for people, pipes and scripts.',
      WIDTH,
    ).join('\n'),
    `Commands:\n${twoColumns(COMMANDS.map(({ name, help }) => [name, help] as const))}`,
    `Flags of every command:\n${twoColumns(flagRows(COMMON_FLAGS))}`,
    `Exit codes:\n${twoColumns(exitRows)}`,
    `Help of one command: ${PROGRAM} COMMAND --help`,
  ].join('\n\n')}\n`;
}

/** `COMMAND --help`. */
export function commandHelp(command: Command): string {
  if (command.name === '') return programHelp();
  return `${[
    `Usage: ${usageOf(command)}`,
    ...[command.help, ...command.about].map((paragraph) => wrap(paragraph, WIDTH).join('\n')),
    ...(command.flags.length > 0 ? [`Flags:\n${twoColumns(flagRows(command.flags))}`] : []),
    `Examples:\n${command.examples.map(({ line, says }) => `  ${says}\n    ${PROGRAM} ${line}`).join('\n')}`,
    `Flags of every command: ${PROGRAM} --help`,
  ].join('\n\n')}\n`;
}

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The whole command line as Markdown: docs/commands.md. */
export function commandsDocument(): string {
  const flags = (names: readonly FlagName[]) =>
    markdownTable(
      ['flag', 'meaning'],
      names.map((name) => [code(flagUsage(name)), flagOf(name).help]),
    );
  const sections = COMMANDS.map((command) =>
    [
      `## ${command.name}`,
      command.help,
      `    ${usageOf(command)}`,
      ...command.about,
      ...(command.flags.length > 0 ? [flags(command.flags)] : []),
      command.examples.map(({ line, says }) => `- ${says}\n\n      ${PROGRAM} ${line}`).join('\n'),
    ].join('\n\n'),
  );
  return `${[
    '# The command line',
    'Made from the table of commands; `npm test -- test/commands/documents.test.ts -u` writes it anew.',
    'Without a command the full-screen console opens; without a terminal it prints the nodes once. Results go to stdout, all else to stderr. ' +
      'The JSON of each command is described by a schema in [schemas](schemas).',
    markdownTable(
      ['command', 'answers'],
      COMMANDS.map((command) => [code(`${command.name} ${command.arguments}`.trimEnd()), command.help]),
    ),
    '## Flags of every command',
    flags(COMMON_FLAGS),
    '## Exit codes',
    markdownTable(
      ['code', 'meaning'],
      exitRows.map((row) => [...row]),
    ),
    ...sections,
  ].join('\n\n')}\n`;
}
