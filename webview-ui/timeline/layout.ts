import { countStretches, timeScale } from './scale.ts';
import type { TimeScale } from './scale.ts';
import { durationText } from '../../src/protocol/wording.ts';
import type { TimelineBar, TimelineLane, TimelineMark, TimelineView } from '../../src/protocol/timeline.ts';

/** A bar with its place in its lane, in pixels. */
export interface PlacedBar {
  readonly key: string;
  readonly bar: TimelineBar;
  readonly x: number;
  readonly width: number;
  /** Row within the lane, from 0: what would overlap goes below. */
  readonly row: number;
  /** Free pixels behind it, up to the next bar of its row. */
  readonly room: number;
}

export interface PlacedLane {
  readonly lane: TimelineLane;
  readonly bars: readonly PlacedBar[];
  readonly rows: number;
}

/** Marks of one kind so near to each other that they are drawn as one. */
export interface PlacedMark {
  readonly x: number;
  readonly kind: TimelineMark['kind'];
  readonly marks: readonly TimelineMark[];
}

export interface Tick {
  readonly x: number;
  readonly label: string;
}

export interface Layout {
  readonly width: number;
  readonly lanes: readonly PlacedLane[];
  readonly marks: readonly PlacedMark[];
  readonly ticks: readonly Tick[];
  readonly scale: TimeScale;
}

export interface LayoutOptions {
  /** Pixels to fill; what does not fit is scrolled to. */
  readonly width: number;
  /** 1 fits the width. */
  readonly zoom: number;
  readonly nowMs: number;
}

const LEAST_BAR_PX = 6;
const LEAST_STRETCH_PX = 22;
const PENDING_PX = 84;
const GAP_PX = 3;
const MARK_PX = 20;
const COUNT_PX = 10;
const TICK_PX = 84;
const MOST_PX = 20_000;

/** Where everything goes. Pure: the same view and options give the same layout. */
export function layOut(view: TimelineView, { width, zoom, nowMs }: LayoutOptions): Layout {
  const waits = view.lanes.filter(({ kind }) => kind === 'gate' || kind === 'wait');
  const idle = new Set(waits.map(({ id }) => id));
  const isWork = (bar: TimelineBar) => !idle.has(bar.lane);
  const endMs = view.endedAtMs ?? nowMs;
  const columns = pendingColumns(view.bars);
  const pendingWidth = Math.min((Math.max(0, ...columns.values()) + 1) * PENDING_PX, width * 0.4);
  const reserved = columns.size === 0 ? 0 : pendingWidth;
  const options = { startMs: view.startedAtMs, nowMs: endMs };
  const stretches = countStretches(view.bars, isWork, { ...options, width: 0 });
  const timeWidth = Math.min(MOST_PX, Math.max(width - reserved, stretches * LEAST_STRETCH_PX) * zoom);
  const spread = timeScale(view.bars, isWork, { ...options, width: timeWidth });
  // What took no time at the very end still needs place to be seen.
  const isCutOff = view.bars.some(
    ({ startMs }) => startMs !== undefined && spread.toX(startMs) + LEAST_BAR_PX > spread.endX,
  );
  const scale = isCutOff
    ? timeScale(view.bars, isWork, { ...options, width: timeWidth - LEAST_BAR_PX })
    : spread;
  const columnWidth = pendingWidth / (Math.max(0, ...columns.values()) + 1);
  const place = (bar: TimelineBar) => placeBar(bar, scale, { nowMs: endMs, columns, columnWidth });
  const marks = placeMarks(view.marks, scale);
  const marksEnd = Math.max(0, ...marks.map((mark) => mark.x + widthOf(mark)));
  const allWidth = Math.max(width, Math.ceil(Math.max(scale.endX + reserved, marksEnd)));
  return {
    width: allWidth,
    lanes: view.lanes.map((lane) =>
      placeLane(lane, view.bars.filter((bar) => bar.lane === lane.id).map(place), allWidth),
    ),
    marks,
    ticks: ticksOf(scale, view.startedAtMs),
    scale,
  };
}

export function barKey({ step, attempt }: TimelineBar): string {
  return `${step}/${attempt}`;
}

type PlacedInTime = Omit<PlacedBar, 'row' | 'room'>;

interface Placing {
  readonly nowMs: number;
  readonly columns: ReadonlyMap<string, number>;
  readonly columnWidth: number;
}

function placeBar(
  bar: TimelineBar,
  scale: TimeScale,
  { nowMs, columns, columnWidth }: Placing,
): PlacedInTime {
  const key = barKey(bar);
  if (bar.startMs === undefined) {
    const x = scale.endX + GAP_PX + (columns.get(key) ?? 0) * columnWidth;
    return { key, bar, x, width: Math.max(LEAST_BAR_PX, columnWidth - GAP_PX) };
  }
  const x = scale.toX(bar.startMs);
  return { key, bar, x, width: Math.max(LEAST_BAR_PX, scale.toX(bar.endMs ?? nowMs) - x - 1) };
}

/** First fit by start: a bar goes into the first row where it does not touch another one. */
function placeLane(lane: TimelineLane, bars: readonly PlacedInTime[], width: number): PlacedLane {
  const ends: number[] = [];
  const placed = [...bars]
    .sort((a, b) => a.x - b.x)
    .map((bar) => {
      const free = ends.findIndex((end) => end <= bar.x + 0.5);
      const row = free === -1 ? ends.length : free;
      ends[row] = bar.x + bar.width;
      return { ...bar, row };
    });
  return { lane, bars: withRoom(placed, width), rows: Math.max(1, ends.length) };
}

/** Takes bars by start; looks at them from the end, so that the next one of each row is known. */
function withRoom(bars: readonly Omit<PlacedBar, 'room'>[], width: number): readonly PlacedBar[] {
  const next: number[] = [];
  return bars
    .toReversed()
    .map((bar) => {
      const room = Math.max(0, (next[bar.row] ?? width) - bar.x - bar.width);
      next[bar.row] = bar.x;
      return { ...bar, room };
    })
    .toReversed();
}

/** Steps that have not started, in columns by how many others of them come before. */
function pendingColumns(bars: readonly TimelineBar[]): ReadonlyMap<string, number> {
  const pending = new Map(bars.filter((bar) => bar.startMs === undefined).map((bar) => [bar.step, bar]));
  const columns = new Map<string, number>();
  const columnOf = (bar: TimelineBar): number => {
    const key = barKey(bar);
    const known = columns.get(key);
    if (known !== undefined) return known;
    columns.set(key, 0);
    const before = bar.needs.map((step) => pending.get(step)).filter((one) => one !== undefined);
    const column = Math.max(-1, ...before.map(columnOf)) + 1;
    columns.set(key, column);
    return column;
  };
  for (const bar of pending.values()) columnOf(bar);
  return columns;
}

function placeMarks(marks: readonly TimelineMark[], scale: TimeScale): PlacedMark[] {
  const placed: PlacedMark[] = [];
  for (const mark of [...marks].sort((a, b) => a.atMs - b.atMs)) {
    const last = placed.at(-1);
    const x = scale.toX(mark.atMs);
    if (last && last.kind === mark.kind && x - last.x < MARK_PX) {
      placed[placed.length - 1] = { ...last, marks: [...last.marks, mark] };
    } else {
      placed.push({ x: Math.max(x, last ? last.x + widthOf(last) : 0), kind: mark.kind, marks: [mark] });
    }
  }
  return placed;
}

function widthOf({ marks }: PlacedMark): number {
  return marks.length > 1 ? MARK_PX + COUNT_PX : MARK_PX;
}

/** Ticks where something starts or ends, as dense as their labels allow. */
function ticksOf({ stretches }: TimeScale, startMs: number): Tick[] {
  const ticks: Tick[] = [];
  for (const { fromX, fromMs } of stretches) {
    const last = ticks.at(-1);
    const label = fromMs === startMs ? 'start' : durationText(fromMs - startMs);
    if (!last || (fromX - last.x >= TICK_PX && label !== last.label)) ticks.push({ x: fromX, label });
  }
  return ticks;
}
