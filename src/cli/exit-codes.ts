/** What a command's exit code says (design section 7). */
export const exitCodes = { done: 0, failed: 1, usage: 2, waiting: 3 } as const;
