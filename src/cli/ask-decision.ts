import { converse } from './dialog.ts';
import type { Verdict } from '../contracts/proposal.ts';

export type Answer = 'later' | { readonly verdict: Verdict; readonly comment?: string };

const question = '[a]pprove  [r]eject  [c]hanges  [d]iff  [l]ater > ';

/** Asks about one proposal until there is an answer; the end of the input means later. */
export async function askDecision(showDiff: () => Promise<string>): Promise<Answer> {
  return converse(async (ask) => {
    for (;;) {
      const letter = (await ask(question))?.trim().toLowerCase().charAt(0);
      if (letter === undefined || letter === 'l') return 'later';
      if (letter === 'a') return { verdict: 'approve' };
      if (letter === 'r') return { verdict: 'reject', comment: (await ask('Why? ')) ?? '' };
      if (letter === 'd') process.stdout.write(`${await showDiff()}\n`);
      const wish = letter === 'c' ? await ask('What should change? ') : undefined;
      if (wish?.trim()) return { verdict: 'changes', comment: wish };
    }
  });
}
