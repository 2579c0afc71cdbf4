/** The operator's answers about a step that was handed over to them. */
export const handOver = {
  done: 'It is done',
  leave: 'Go on without it',
} as const;
