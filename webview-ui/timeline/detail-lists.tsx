import { Button, Icon } from './elements.tsx';
import { FailureNote } from './failure-note.tsx';
import type { Host } from './host.ts';
import { barSigns } from './words.ts';
import { durationText, moneyText, personText, tokensText } from '../../src/protocol/wording.ts';
import type { StepAttempt, StepDetail, StepFeedback, StepProposal } from '../../src/protocol/timeline.ts';

const fileIcons = {
  added: 'diff-added',
  modified: 'diff-modified',
  deleted: 'diff-removed',
  renamed: 'diff-renamed',
};

export function ProposalList({
  proposals,
  host,
}: {
  readonly proposals: readonly StepProposal[];
  readonly host: Host;
}) {
  return (
    <ul class="cards">
      {proposals.map(({ id, intent, status, version, files }) => (
        <li key={id} class="card">
          <p class="intent">{intent}</p>
          <p class="quiet">
            {version > 1 ? `Version ${version}, ` : ''}
            {status}
          </p>
          <ul class="files">
            {files.map(({ path, kind, added, removed, binary }) => (
              <li key={path} title={path}>
                <span class={`codicon codicon-${fileIcons[kind]} is-${kind}`} role="img" aria-label={kind} />
                <span class="path">{path}</span>
                <span class="stat">{binary ? 'binary' : <Lines added={added} removed={removed} />}</span>
              </li>
            ))}
          </ul>
          <Button onClick={() => host.send({ type: 'review', proposal: id })}>Review</Button>
        </li>
      ))}
    </ul>
  );
}

function Lines({ added, removed }: { readonly added: number; readonly removed: number }) {
  return (
    <>
      <span class="added">+{added}</span> <span class="removed">−{removed}</span>
    </>
  );
}

export function FeedbackList({ feedback }: { readonly feedback: readonly StepFeedback[] }) {
  return (
    <ul class="cards">
      {feedback.map(({ from, text, findings }, index) => (
        <li key={index} class="card">
          <p class="quiet">{personText(from)}</p>
          <p class="text">{text}</p>
          {findings.length > 0 ? (
            <ul class="values">
              {findings.map((finding) => (
                <li key={finding}>{finding}</li>
              ))}
            </ul>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

export function SourceList({
  sources,
  host,
}: {
  readonly sources: StepDetail['sources'];
  readonly host: Host;
}) {
  return (
    <ul class="sources">
      {sources.map(({ id, title, uri, untrusted }) => (
        <li key={id}>
          <button
            type="button"
            class="link"
            title={uri}
            onClick={() => host.send({ type: 'open-source', uri })}
          >
            {title}
          </button>
          {untrusted ? (
            <span class="tag" title="This text came from outside the company; it carries no authority.">
              <Icon name="globe" /> outside
            </span>
          ) : null}
          <span class="path quiet">{uri}</span>
        </li>
      ))}
    </ul>
  );
}

export function AttemptList({
  attempts,
  nowMs,
}: {
  readonly attempts: readonly StepAttempt[];
  readonly nowMs: number;
}) {
  return (
    <ol class="attempts">
      {attempts.map((attempt) => (
        <li key={attempt.number}>
          <div class="attempt">
            <span
              class={`codicon codicon-${barSigns[attempt.status].icon} is-${attempt.status}`}
              aria-hidden="true"
            />
            <span>
              {attempt.number}. {barSigns[attempt.status].label}
            </span>
            <span class="quiet">{amounts(attempt, nowMs)}</span>
          </div>
          {attempt.failure ? <FailureNote failure={attempt.failure} /> : null}
        </li>
      ))}
    </ol>
  );
}

function amounts({ startMs, endMs, cost }: StepAttempt, nowMs: number): string {
  const tokens = cost.tokensIn + cost.tokensOut;
  const parts = [durationText((endMs ?? nowMs) - startMs)];
  if (tokens > 0) parts.push(tokensText(tokens));
  if (cost.usd > 0) parts.push(moneyText(cost.usd));
  return parts.join(' · ');
}
