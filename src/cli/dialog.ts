import { createInterface } from 'node:readline/promises';

/** Puts a question to whoever sits at the terminal; nothing when the input has ended. */
export type Ask = (question: string) => Promise<string | undefined>;

/** Whether somebody can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY;
}

/** Holds the terminal's input for the time of a conversation. */
export async function converse<T>(talk: (ask: Ask) => Promise<T>): Promise<T> {
  const dialog = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new Promise<undefined>((resolve) => dialog.once('close', () => resolve(undefined)));
  try {
    return await talk((question) => Promise.race([dialog.question(question), ended]));
  } finally {
    dialog.close();
  }
}
