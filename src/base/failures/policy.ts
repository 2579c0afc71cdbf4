import { AppError, type Place } from '../failure.ts';

/** A key or password in what an agent wants to write. The text itself is never repeated. */
export function secretFound(at: Place, kind: string, more: number): AppError {
  const others = more === 0 ? '' : `, and ${more} more`;
  return new AppError({
    code: 'policy.denied',
    message: `The proposed text holds what looks like ${kind}${others}.`,
    retry: 'operator',
    kept: 'Nothing was proposed, and the secret was written nowhere.',
    remedy:
      'Take it out of the source it came from, or name a placeholder there, and retry; if it was real, replace it.',
    at,
  });
}
