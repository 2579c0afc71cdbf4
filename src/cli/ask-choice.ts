import { converse } from './dialog.ts';

/** Asks for one of the options by its number or its words; nothing for later, and for the end of the input. */
export async function askChoice(options: readonly string[]): Promise<string | undefined> {
  return converse(async (ask) => {
    for (;;) {
      const typed = (await ask(`1–${options.length}, or [l]ater > `))?.trim();
      if (typed === undefined) return undefined;
      const choice = chosen(options, typed);
      if (choice !== undefined) return choice;
      if (/^l(ater)?$/i.test(typed)) return undefined;
    }
  });
}

/** An option in full is meant before a number or a letter that stands for something else. */
export function chosen(options: readonly string[], typed: string): string | undefined {
  const same = options.find((option) => option.toLowerCase() === typed.toLowerCase());
  return same ?? (/^\d+$/.test(typed) ? options[Number(typed) - 1] : undefined);
}
