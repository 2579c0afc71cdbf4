import type { ComponentChildren } from 'preact';
import { Bar, ROW_PX } from './bar.tsx';
import { Icon } from './elements.tsx';
import type { Layout, PlacedLane, PlacedMark } from './layout.ts';
import { barKey } from './layout.ts';
import { isDirection, neighbour } from './navigation.ts';
import type { Selection } from './state.ts';
import { markSigns } from './words.ts';
import { durationText } from '../../src/protocol/wording.ts';
import type { TimelineBar } from '../../src/protocol/timeline.ts';

interface ChartProps {
  readonly layout: Layout;
  readonly nowMs: number;
  readonly selection: Selection | undefined;
  readonly onSelect: (selection: Selection) => void;
}

export function Chart({ layout, nowMs, selection, onSelect }: ChartProps) {
  const bars = layout.lanes.flatMap((lane) => lane.bars);
  const focusable = bars.some(({ key }) => key === selection?.bar) ? selection?.bar : bars[0]?.key;
  const needs = new Set(bars.find(({ key }) => key === selection?.bar)?.bar.needs);
  const onKeyDown = (event: KeyboardEvent) => moveOrSelect(event, layout.lanes, onSelect);
  return (
    <div class="chart">
      <div class="lane-labels" aria-hidden="true">
        <div class="axis-label" />
        {layout.marks.length > 0 ? <div class="marks-label">Decisions</div> : null}
        {layout.lanes.map(({ lane, rows }) => (
          <div
            key={lane.id}
            class="lane-label"
            style={{ height: `${laneHeight(rows)}px` }}
            title={lane.label}
          >
            {lane.label}
          </div>
        ))}
      </div>
      <div class="tracks">
        <div class="canvas" style={{ width: `${layout.width}px` }}>
          <Axis layout={layout} />
          {layout.marks.length > 0 ? <Marks marks={layout.marks} /> : null}
          <div role="listbox" tabIndex={-1} aria-label="Steps, in lanes by who does them">
            {layout.lanes.map((placed) => (
              <Lane
                key={placed.lane.id}
                placed={placed}
                bar={(one) => (
                  <Bar
                    key={one.key}
                    placed={one}
                    nowMs={nowMs}
                    selected={one.key === selection?.bar}
                    related={needs.has(one.bar.step)}
                    focusable={one.key === focusable}
                    onSelect={(bar) => onSelect(selectionOf(bar))}
                    onKeyDown={onKeyDown}
                  />
                )}
              />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

interface LaneProps {
  readonly placed: PlacedLane;
  readonly bar: (placed: PlacedLane['bars'][number]) => ComponentChildren;
}

function Lane({ placed: { lane, bars, rows }, bar }: LaneProps) {
  return (
    <div class="lane" role="group" aria-label={lane.label} style={{ height: `${laneHeight(rows)}px` }}>
      <div class="lane-bars">{bars.map(bar)}</div>
    </div>
  );
}

function Axis({ layout }: { readonly layout: Layout }) {
  return (
    <div class="axis" aria-hidden="true">
      {layout.ticks.map(({ x, label }) => (
        <span key={x} class="tick" style={{ left: `${x}px` }}>
          {label}
        </span>
      ))}
      {layout.scale.stretches
        .filter(({ shortened }) => shortened)
        .map(({ fromX, toX, fromMs, toMs }) => (
          <span
            key={fromX}
            class="break"
            style={{ left: `${fromX}px`, width: `${toX - fromX}px` }}
            title={`${durationText(toMs - fromMs)}, drawn shortened`}
          />
        ))}
    </div>
  );
}

function Marks({ marks }: { readonly marks: readonly PlacedMark[] }) {
  return (
    <div class="marks" role="list" aria-label="Decisions and commits">
      {marks.map(({ x, kind, marks: of }) => {
        const labels = of.map(({ label }) => label).join('\n');
        return (
          <span
            key={`${kind}/${x}`}
            role="listitem"
            class={`mark is-${kind}`}
            style={{ left: `${x}px` }}
            title={labels}
            aria-label={labels}
          >
            <Icon name={markSigns[kind].icon} />
            {of.length > 1 ? <small>{of.length}</small> : null}
          </span>
        );
      })}
    </div>
  );
}

function moveOrSelect(
  event: KeyboardEvent,
  lanes: readonly PlacedLane[],
  onSelect: ChartProps['onSelect'],
): void {
  const at = event.target instanceof HTMLElement ? event.target.id.replace(/^bar-/, '') : '';
  const bars = lanes.flatMap((lane) => lane.bars);
  if (event.key === 'Enter' || event.key === ' ') {
    const found = bars.find(({ key }) => key === at);
    if (found) onSelect(selectionOf(found.bar));
  } else if (isDirection(event.key)) {
    const next = neighbour(lanes, at, event.key);
    const element = next === undefined ? null : document.getElementById(`bar-${next}`);
    element?.focus();
    element?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  } else return;
  event.preventDefault();
}

function selectionOf(bar: TimelineBar): Selection {
  return { step: bar.step, bar: barKey(bar) };
}

function laneHeight(rows: number): number {
  return rows * ROW_PX + 10;
}
