import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { withCairn } from '../shell.ts';
import type { Shell } from '../shell.ts';
import type { MemoryHit } from '../../contracts/memory.ts';

export function addMemory(program: Command, shell: Shell): void {
  const memory = program.command('memory').description('what the company remembers');
  memory
    .command('search <text...>')
    .description('find notes')
    .option('--k <number>', 'how many', readCount, 10)
    .action(async (words: string[], options: { k: number }, command: Command) => {
      const query = words.join(' ');
      const hits = await withCairn(shell, command, (cairn) => cairn.searchMemory(query, options.k));
      shell.terminal.answer({ query, hits }, () =>
        hits.length > 0 ? hits.map(describe).join('\n\n') : 'Nothing found.',
      );
    });
}

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('write a whole number from 1.');
}

function describe({ title, path, date, excerpt, score }: MemoryHit): string {
  const facts = [path, date, `score ${score.toFixed(2)}`].filter(Boolean).join(' · ');
  return `${title}\n  ${facts}\n  ${excerpt}`;
}
