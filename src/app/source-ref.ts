import type { Source } from '../contracts/model.ts';
import type { SourceRef } from '../contracts/run.ts';

/** A source without its text: what the journal and the timeline keep of it. */
export function sourceRef({ id, title, uri, untrusted }: Source): SourceRef {
  return { id, title, uri, untrusted };
}
