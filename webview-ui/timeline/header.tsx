import { Button, Icon, IconButton } from './elements.tsx';
import type { Host } from './host.ts';
import { runSignOf } from './words.ts';
import {
  beginningText,
  doubtText,
  durationText,
  moneyText,
  namesText,
  tokensText,
} from '../../src/protocol/wording.ts';
import { statusLine } from '../../src/protocol/waits.ts';
import type { TimelineView } from '../../src/protocol/timeline.ts';

interface HeaderProps {
  readonly view: TimelineView;
  readonly nowMs: number;
  readonly zoom: number;
  readonly host: Host;
  readonly onZoom: (factor: number) => void;
}

export function Header({ view, nowMs, zoom, host, onZoom }: HeaderProps) {
  const sign = runSignOf(view);
  const over = view.endedAtMs !== undefined;
  return (
    <header>
      <div class="title-row">
        <h1>{view.workflow}</h1>
        <span class={`pill is-${view.status}`} role="status">
          <Icon name={sign.icon} spin={view.status === 'running'} />
          {view.status === 'failed' || view.status === 'stopped' ? sign.label : statusLine(view, nowMs)}
        </span>
        <span class="spacer" />
        <IconButton icon="zoom-out" label="Zoom out" disabled={zoom <= 1} onClick={() => onZoom(1 / 2)} />
        <IconButton icon="zoom-in" label="Zoom in" disabled={zoom >= 16} onClick={() => onZoom(2)} />
        {view.status === 'failed' ? (
          <Button icon="refresh" onClick={() => host.send({ type: 'retry' })}>
            Retry
          </Button>
        ) : null}
        {over ? null : (
          <Button secondary icon="debug-stop" onClick={() => host.send({ type: 'stop' })}>
            Stop
          </Button>
        )}
      </div>
      <Facts view={view} nowMs={nowMs} host={host} />
    </header>
  );
}

function Facts({
  view,
  nowMs,
  host,
}: {
  readonly view: TimelineView;
  readonly nowMs: number;
  readonly host: Host;
}) {
  const { cost, endedAtMs, startedAtMs } = view;
  const tokens = cost.tokensIn + cost.tokensOut;
  return (
    <ul class="facts" aria-label="Facts about the run">
      <li class="mono">{view.run}</li>
      <li>
        {view.offline ? 'Offline (extractive)' : view.model}
        {view.offline ? (
          <button
            type="button"
            class="link"
            title="The offline model quotes your brief and notes. Configure a model for written text."
            onClick={() => host.send({ type: 'configure-model' })}
          >
            Configure Models
          </button>
        ) : null}
      </li>
      <li>{durationText((endedAtMs ?? nowMs) - startedAtMs)}</li>
      <li>{moneyText(cost.usd)}</li>
      {tokens > 0 ? <li>{tokensText(tokens)}</li> : null}
      <li>{beginningText(view)}</li>
      {view.inDoubt.length > 0 ? <li>{doubtText(view.inDoubt)}</li> : null}
      {view.next.length > 0 ? <li>next: {namesText(view.next)}</li> : null}
    </ul>
  );
}
