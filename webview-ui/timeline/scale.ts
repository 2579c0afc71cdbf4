import type { TimelineBar } from '../../src/protocol/timeline.ts';

/** A stretch of time and the pixels that it is drawn on. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly fromX: number;
  readonly toX: number;
  /** Nobody but the operator had work in it; when long, it is drawn shortened. */
  readonly idle: boolean;
  readonly shortened: boolean;
}

/** Maps time to pixels: piecewise linear and monotone, so that no bar vanishes and no wait takes all the room. */
export interface TimeScale {
  readonly stretches: readonly Stretch[];
  readonly endX: number;
  toX(atMs: number): number;
}

export interface ScaleOptions {
  readonly startMs: number;
  readonly nowMs: number;
  /** Pixels for all of the time. */
  readonly width: number;
}

/** The least pixels of a stretch of work, as long as that leaves half of the width to proportion. */
const LEAST_PX = 30;
const LEAST_IDLE_PX = 4;
/** The longest an idle stretch is drawn, as a share of all the work. */
const IDLE_SHARE = 0.2;

/** Lanes whose bars are waits for the operator, not work. */
export type IsWork = (bar: TimelineBar) => boolean;

export function timeScale(bars: readonly TimelineBar[], isWork: IsWork, options: ScaleOptions): TimeScale {
  const spans = bars.flatMap((bar) => spanOf(bar, isWork(bar), options.nowMs));
  const stretches = withPixels(cut(spans, options.startMs), options.width);
  const endX = stretches.at(-1)?.toX ?? 0;
  return { stretches, endX, toX: (atMs) => toX(stretches, atMs) };
}

/** How many stretches the bars cut the time into; decides how wide a chart has to be. */
export function countStretches(bars: readonly TimelineBar[], isWork: IsWork, options: ScaleOptions): number {
  const spans = bars.flatMap((bar) => spanOf(bar, isWork(bar), options.nowMs));
  return cut(spans, options.startMs).length;
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly work: boolean;
}

function spanOf({ startMs, endMs }: TimelineBar, work: boolean, nowMs: number): Span[] {
  if (startMs === undefined) return [];
  return [{ fromMs: startMs, toMs: Math.max(startMs, endMs ?? nowMs), work }];
}

interface Piece {
  readonly fromMs: number;
  readonly toMs: number;
  readonly idle: boolean;
}

/** The time cut where anything starts or ends, each piece told by whether work goes on in it. */
function cut(spans: readonly Span[], startMs: number): Piece[] {
  const times = [...new Set([startMs, ...spans.flatMap(({ fromMs, toMs }) => [fromMs, toMs])])];
  const sorted = times.filter((atMs) => atMs >= startMs).sort((a, b) => a - b);
  const change = new Map<number, number>();
  for (const { fromMs, toMs, work } of spans) {
    if (!work) continue;
    change.set(fromMs, (change.get(fromMs) ?? 0) + 1);
    change.set(toMs, (change.get(toMs) ?? 0) - 1);
  }
  let working = 0;
  return sorted.slice(0, -1).map((fromMs, index) => {
    working += change.get(fromMs) ?? 0;
    return { fromMs, toMs: sorted[index + 1] ?? fromMs, idle: working <= 0 };
  });
}

function withPixels(pieces: readonly Piece[], width: number): Stretch[] {
  const work = sum(pieces.filter(({ idle }) => !idle).map(lengthOf));
  const longest = work > 0 ? work * IDLE_SHARE : Number.POSITIVE_INFINITY;
  const weights = pieces.map((piece) => (piece.idle ? Math.min(lengthOf(piece), longest) : lengthOf(piece)));
  const total = sum(weights) || 1;
  const wanted = pieces.map(({ idle }) => (idle ? LEAST_IDLE_PX : LEAST_PX));
  const squeeze = Math.min(1, width / 2 / Math.max(1, sum(wanted)));
  const least = wanted.map((pixels) => pixels * squeeze);
  const rest = width - sum(least);
  let x = 0;
  return pieces.map((piece, index) => {
    const fromX = x;
    x += (least[index] ?? 0) + rest * ((weights[index] ?? 0) / total);
    return { ...piece, fromX, toX: x, shortened: piece.idle && lengthOf(piece) > longest };
  });
}

function toX(stretches: readonly Stretch[], atMs: number): number {
  let low = 0;
  let high = stretches.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stretches[middle]?.toMs ?? 0) < atMs) low = middle + 1;
    else high = middle;
  }
  const at = stretches[low];
  if (!at) return 0;
  const share = at.toMs === at.fromMs ? 0 : (atMs - at.fromMs) / (at.toMs - at.fromMs);
  return at.fromX + Math.min(1, Math.max(0, share)) * (at.toX - at.fromX);
}

function lengthOf({ fromMs, toMs }: Piece): number {
  return toMs - fromMs;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
