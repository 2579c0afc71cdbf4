import { Icon } from './elements.tsx';
import type { PlacedBar } from './layout.ts';
import { signOf } from './words.ts';
import { durationText, moneyText } from '../../src/protocol/wording.ts';
import type { TimelineBar } from '../../src/protocol/timeline.ts';

export const ROW_PX = 30;
const ICON_FROM_PX = 16;
const PADDED_FROM_PX = 30;
const NAME_FROM_PX = 62;
/** A little more than most letters need at 13 px. */
const LETTER_PX = 7.5;
/** Icon, gap, padding and border beside a name within a bar. */
const BESIDE_NAME_PX = 32;
const NAME_GAP_PX = 5;

interface BarProps {
  readonly placed: PlacedBar;
  readonly nowMs: number;
  readonly selected: boolean;
  /** Whether it is what the selected step needs. */
  readonly related: boolean;
  readonly focusable: boolean;
  readonly onSelect: (bar: TimelineBar) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** One attempt: its length is its time, its look its status. */
export function Bar({ placed, nowMs, selected, related, focusable, onSelect, onKeyDown }: BarProps) {
  const { bar, key, x, width, row } = placed;
  const text = describe(bar, nowMs);
  const place = namePlace(placed);
  const look = [
    `bar is-${bar.status}`,
    selected ? 'selected' : '',
    related ? 'related' : '',
    width < PADDED_FROM_PX ? 'tight' : '',
  ];
  return (
    <div
      id={`bar-${key}`}
      role="option"
      class={look.filter(Boolean).join(' ')}
      style={{ left: `${x}px`, width: `${width}px`, top: `${row * ROW_PX}px` }}
      tabIndex={focusable ? 0 : -1}
      aria-selected={selected}
      aria-label={text}
      title={text}
      onClick={() => onSelect(bar)}
      onKeyDown={onKeyDown}
    >
      {width >= ICON_FROM_PX ? <Icon name={signOf(bar, nowMs).icon} spin={bar.status === 'running'} /> : null}
      {place === 'none' ? null : <span class={`bar-name ${place}`}>{name(bar)}</span>}
    </div>
  );
}

/** Within the bar; behind it when it is too short and there is room; else cut off, or left to the tooltip. */
function namePlace({ bar, width, room }: PlacedBar): 'within' | 'behind' | 'none' {
  const needed = name(bar).length * LETTER_PX;
  if (width >= needed + BESIDE_NAME_PX || bar.status === 'pending') return 'within';
  if (room >= needed + 2 * NAME_GAP_PX) return 'behind';
  return width >= NAME_FROM_PX ? 'within' : 'none';
}

function name({ name: step, attempt }: TimelineBar): string {
  return attempt > 1 ? `${step} (${attempt})` : step;
}

/** A bar in words, for the tooltip and for screen readers. */
function describe(bar: TimelineBar, nowMs: number): string {
  const parts = [bar.name, signOf(bar, nowMs).label];
  if (bar.attempt > 1) parts.push(`attempt ${bar.attempt}`);
  if (bar.startMs !== undefined) parts.push(durationText((bar.endMs ?? nowMs) - bar.startMs));
  if (bar.cost.usd > 0) parts.push(moneyText(bar.cost.usd));
  if (bar.status === 'retrying' && bar.retryAtMs !== undefined) {
    parts.push(`next try in ${durationText(bar.retryAtMs - nowMs)}`);
    if (bar.wait?.for === 'retry' && bar.wait.why !== undefined) parts.push(bar.wait.why);
  }
  return parts.join(', ');
}
