import type { Command } from 'commander';
import { withCairn } from '../shell.ts';
import type { Shell } from '../shell.ts';
import type { MemoryHit } from '../../contracts/memory.ts';

export function addMemory(program: Command, shell: Shell): void {
  const memory = program.command('memory').description('what the company remembers');
  memory
    .command('search <text...>')
    .description('find notes')
    .option('--k <number>', 'how many', '10')
    .action(async (words: string[], options: { k: string }, command: Command) => {
      const query = words.join(' ');
      const limit = Math.max(1, Number.parseInt(options.k, 10) || 10);
      const hits = await withCairn(shell, command, (cairn) => cairn.searchMemory(query, limit));
      shell.terminal.answer({ query, hits }, () =>
        hits.length > 0 ? hits.map(describe).join('\n\n') : 'Nothing found.',
      );
    });
}

function describe({ title, path, date, excerpt, score }: MemoryHit): string {
  const facts = [path, date, `score ${score.toFixed(2)}`].filter(Boolean).join(' · ');
  return `${title}\n  ${facts}\n  ${excerpt}`;
}
