import type { PlacedBar, PlacedLane } from './layout.ts';

export type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Home' | 'End';

const directions: ReadonlySet<string> = new Set([
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'Home',
  'End',
]);

export function isDirection(key: string): key is Direction {
  return directions.has(key);
}

/** The bar that a key moves to: left and right in time, up and down to the nearest bar of another lane. */
export function neighbour(
  lanes: readonly PlacedLane[],
  from: string | undefined,
  key: Direction,
): string | undefined {
  const inTime = lanes.flatMap(({ bars }) => bars).sort((a, b) => a.x - b.x || a.row - b.row);
  const index = inTime.findIndex((bar) => bar.key === from);
  const current = inTime[index];
  if (!current || key === 'Home') return inTime[0]?.key;
  if (key === 'End') return inTime.at(-1)?.key;
  if (key === 'ArrowLeft') return (inTime[index - 1] ?? current).key;
  if (key === 'ArrowRight') return (inTime[index + 1] ?? current).key;
  return acrossLanes(lanes, current, key === 'ArrowUp' ? -1 : 1).key;
}

function acrossLanes(lanes: readonly PlacedLane[], current: PlacedBar, step: -1 | 1): PlacedBar {
  const start = lanes.findIndex(({ bars }) => bars.some(({ key }) => key === current.key));
  for (let at = start + step; at >= 0 && at < lanes.length; at += step) {
    const nearest = nearestTo(lanes[at]?.bars ?? [], current.x);
    if (nearest) return nearest;
  }
  return current;
}

function nearestTo(bars: readonly PlacedBar[], x: number): PlacedBar | undefined {
  return [...bars].sort((a, b) => Math.abs(a.x - x) - Math.abs(b.x - x))[0];
}
