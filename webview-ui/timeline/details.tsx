import { Button, Icon, IconButton, Loading, Section } from './elements.tsx';
import { FailureNote } from './failure-note.tsx';
import type { Host } from './host.ts';
import { JsonView } from './json-view.tsx';
import { AttemptList, FeedbackList, ProposalList, SourceList } from './detail-lists.tsx';
import type { State } from './state.ts';
import { remedySigns, signOf } from './words.ts';
import type { StepDetail } from '../../src/protocol/timeline.ts';

interface DetailsProps {
  readonly state: State;
  readonly nowMs: number;
  readonly host: Host;
  readonly onClose: () => void;
}

/** The pane of the selected step. */
export function Details({ state, nowMs, host, onClose }: DetailsProps) {
  const { selection, detail, detailFailure, view } = state;
  if (!selection) return null;
  const name = view?.bars.find(({ step }) => step === selection.step)?.name ?? selection.step;
  return (
    <aside class="details" aria-label={`Details of ${name}`}>
      <div class="details-title">
        <h2>{name}</h2>
        <IconButton icon="close" label="Close details" onClick={onClose} />
      </div>
      {detailFailure ? <FailureNote failure={detailFailure} /> : null}
      {detail ? <Detail detail={detail} nowMs={nowMs} host={host} /> : null}
      {detail || detailFailure ? null : <Loading what="Loading the step…" />}
    </aside>
  );
}

function Detail({
  detail,
  nowMs,
  host,
}: {
  readonly detail: StepDetail;
  readonly nowMs: number;
  readonly host: Host;
}) {
  const { proposals, feedback, sources, attempts, input, output, failure } = detail;
  return (
    <>
      <p class="byline">
        <Icon name={signOf(detail, nowMs).icon} spin={detail.status === 'running'} />
        {byline(detail, nowMs)}
      </p>
      {detail.question ? <p class="question">{detail.question}</p> : null}
      {failure ? <FailureNote failure={failure} /> : null}
      <Remedies detail={detail} host={host} />
      <WaitFor detail={detail} host={host} />
      {proposals.length > 0 ? (
        <Section heading={proposals.length === 1 ? 'Proposal' : 'Proposals'}>
          <ProposalList proposals={proposals} host={host} />
        </Section>
      ) : null}
      {feedback.length > 0 ? (
        <Section heading="Sent back" count={feedback.length}>
          <FeedbackList feedback={feedback} />
        </Section>
      ) : null}
      {output === undefined ? null : (
        <Section heading="Output" open={proposals.length === 0}>
          <JsonView value={output} />
        </Section>
      )}
      {sources.length > 0 ? (
        <Section heading="Sources" count={sources.length}>
          <SourceList sources={sources} host={host} />
        </Section>
      ) : null}
      {input === undefined ? null : (
        <Section heading="Input" open={false}>
          <JsonView value={input} />
        </Section>
      )}
      {attempts.length > 0 ? (
        <Section heading="Attempts" count={attempts.length} open={attempts.length > 1}>
          <AttemptList attempts={attempts} nowMs={nowMs} />
        </Section>
      ) : null}
      {attempts.length === 0 ? <p class="quiet">This step has not started yet.</p> : null}
    </>
  );
}

/** What can be done about a step that has failed; the first is what one tries first. */
function Remedies({ detail, host }: { readonly detail: StepDetail; readonly host: Host }) {
  const { remedies, step } = detail;
  if (remedies.length === 0) return null;
  return (
    <p class="remedies">
      {remedies.map((type, place) => (
        <Button
          key={type}
          secondary={place > 0}
          icon={remedySigns[type].icon}
          onClick={() => host.send({ type, step })}
        >
          {remedySigns[type].label}
        </Button>
      ))}
    </p>
  );
}

/** What a waiting step asks of the operator: one of its options, or that they tell what has happened. */
function WaitFor({ detail, host }: { readonly detail: StepDetail; readonly host: Host }) {
  const { step, wait, attempts } = detail;
  if (wait?.for === 'answer') {
    const attempt = attempts.at(-1)?.number ?? 1;
    return (
      <>
        <p class="question">{wait.question}</p>
        <p class="remedies" role="group" aria-label="Answers">
          {wait.options.map((choice) => (
            <Button
              key={choice}
              secondary
              onClick={() => host.send({ type: 'answer', step, attempt, choice })}
            >
              {choice}
            </Button>
          ))}
        </p>
      </>
    );
  }
  if (wait?.for !== 'event') return null;
  return (
    <p class="remedies">
      <Button secondary icon="broadcast" onClick={() => host.send({ type: 'signal', event: wait.event })}>
        Signal Event…
      </Button>
    </p>
  );
}

function byline(detail: StepDetail, nowMs: number): string {
  const { agent, model } = detail;
  const by = agent ? ` · ${agent}` : '';
  const shown = model === 'offline' ? 'Offline (extractive)' : model;
  return `${signOf(detail, nowMs).label}${by}${shown ? ` · ${shown}` : ''}`;
}
