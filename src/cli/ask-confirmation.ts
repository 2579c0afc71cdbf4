import { createInterface } from 'node:readline/promises';

/** Asks a question that is answered with yes or no; the end of the input means no. */
export async function askConfirmation(question: string): Promise<boolean> {
  const dialog = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new Promise<string>((resolve) => dialog.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([dialog.question(`${question} [y/N] `), ended]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    dialog.close();
  }
}
