import { Icon } from './elements.tsx';
import type { TimelineToWebview } from '../../src/protocol/timeline.ts';

type Failure = Extract<TimelineToWebview, { type: 'failed' }>['failure'];

/** A failure in full: what happened, what was kept, what to do. */
export function FailureNote({ failure }: { readonly failure: Failure }) {
  const { message, kept, remedy, at, causes } = failure;
  const place = at ? [at.file, at.line, at.column].filter((part) => part !== undefined).join(':') : undefined;
  return (
    <div class="note failure" role="alert">
      <Icon name="error" />
      <div>
        <p>{message}</p>
        {place ? <p class="mono quiet">{place}</p> : null}
        {kept ? <p>{kept}</p> : null}
        {remedy ? <p class="remedy">{remedy}</p> : null}
        {causes && causes.length > 0 ? <p class="quiet">Because: {causes.join(' ← ')}</p> : null}
      </div>
    </div>
  );
}
