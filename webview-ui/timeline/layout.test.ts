import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layOut } from './layout.ts';
import { neighbour } from './navigation.ts';
import type { BarStatus, TimelineBar, TimelineView } from '../../src/protocol/timeline.ts';

const cost = { tokensIn: 0, tokensOut: 0, usd: 0, durationMs: 0 };
const options = { width: 800, zoom: 1, nowMs: 100_000 };

function bar(step: string, startMs?: number, endMs?: number, change: Partial<TimelineBar> = {}): TimelineBar {
  const status: BarStatus = startMs === undefined ? 'pending' : endMs === undefined ? 'running' : 'succeeded';
  return { step, name: step, lane: 'a', attempt: 1, status, startMs, endMs, cost, needs: [], ...change };
}

function view(bars: readonly TimelineBar[], change: Partial<TimelineView> = {}): TimelineView {
  return {
    run: 'run',
    workflow: 'Loop',
    status: 'running',
    statusText: '',
    waits: [],
    next: [],
    inDoubt: [],
    by: 'Ada',
    trigger: 'manual',
    model: 'offline',
    offline: true,
    startedAtMs: 0,
    cost,
    lanes: [
      { id: 'a', label: 'A', kind: 'agent' },
      { id: 'b', label: 'B', kind: 'agent' },
      { id: 'operator', label: 'Operator', kind: 'gate' },
    ],
    bars,
    marks: [],
    ...change,
  };
}

const laneBars = (from: TimelineView, lane = 0) => layOut(from, options).lanes[lane]?.bars ?? [];

describe('the layout of a timeline', () => {
  it('draws work in proportion to its time', () => {
    const [short, long] = laneBars(
      view([bar('short', 0, 10_000), bar('long', 10_000, 90_000)], { endedAtMs: 90_000 }),
    );
    expect((long?.width ?? 0) / (short?.width ?? 1)).toBeGreaterThan(4);
    expect(long?.x).toBeGreaterThanOrEqual((short?.x ?? 0) + (short?.width ?? 0));
  });

  it('keeps a step of a few milliseconds wide enough to be seen and clicked', () => {
    const [tiny] = laneBars(view([bar('tiny', 0, 5), bar('long', 5, 60_000)], { endedAtMs: 60_000 }));
    expect(tiny?.width).toBeGreaterThan(20);
  });

  it('shortens a long wait for the operator, and says so', () => {
    const bars = [
      bar('work', 0, 1000),
      bar('gate', 1000, 90_000_000, { lane: 'operator' }),
      bar('more', 90_000_000, 90_001_000),
    ];
    const layout = layOut(view(bars, { endedAtMs: 90_001_000 }), options);
    const wait = layout.lanes[2]?.bars[0];
    expect(wait?.width).toBeLessThan(200);
    expect(layout.scale.stretches.map(({ shortened }) => shortened)).toEqual([false, true, false]);
  });

  it('puts attempts that go on at the same time into rows of their own', () => {
    const [first, second] = laneBars(view([bar('one', 0, 50_000), bar('two', 10_000, 60_000)]));
    expect([first?.row, second?.row]).toEqual([0, 1]);
  });

  it('lines up what has not started behind everything else, in the order of needs', () => {
    const bars = [
      bar('done', 0, 1000),
      bar('next', undefined, undefined, { needs: ['done'] }),
      bar('last', undefined, undefined, { needs: ['next'] }),
    ];
    const [done, next, last] = laneBars(view(bars));
    expect((done?.x ?? 0) + (done?.width ?? 0)).toBeLessThan(next?.x ?? 0);
    expect((next?.x ?? 0) + (next?.width ?? 0)).toBeLessThanOrEqual(last?.x ?? 0);
  });

  it('survives steps that need each other in a circle', () => {
    const bars = [
      bar('x', undefined, undefined, { needs: ['y'] }),
      bar('y', undefined, undefined, { needs: ['x'] }),
    ];
    expect(laneBars(view(bars))).toHaveLength(2);
  });

  it('draws marks of one kind at one time as one, and others beside them', () => {
    const marks = (['approve', 'approve', 'applied'] as const).map((kind) => ({
      atMs: 500,
      kind,
      label: kind,
    }));
    const layout = layOut(view([bar('one', 0, 1000)], { marks }), options);
    expect(layout.marks.map(({ kind, marks: of }) => [kind, of.length])).toEqual([
      ['approve', 2],
      ['applied', 1],
    ]);
    expect(layout.marks[1]?.x).toBeGreaterThan(layout.marks[0]?.x ?? Number.POSITIVE_INFINITY);
  });

  it('says how much room there is behind a bar, up to the next one of its row', () => {
    const bars = [bar('one', 0, 1000), bar('two', 3000, 4000)];
    const [one, two] = laneBars(view(bars, { endedAtMs: 4000 }));
    expect(one?.room).toBeCloseTo((two?.x ?? 0) - (one?.x ?? 0) - (one?.width ?? 0));
    expect(two?.room).toBeLessThan(2);
  });

  it('is wide enough for a mark at the very end', () => {
    const marks = (['approve', 'applied', 'changes'] as const).map((kind) => ({
      atMs: 1000,
      kind,
      label: kind,
    }));
    const layout = layOut(view([bar('one', 0, 1000)], { marks, endedAtMs: 1000 }), options);
    expect(layout.width).toBeGreaterThanOrEqual((layout.marks[2]?.x ?? 0) + 20);
  });

  it('keeps a step that took no time at the very end within the chart', () => {
    const bars = [bar('one', 0, 1000), bar('gate', 1000, 1000, { lane: 'operator' })];
    const { lanes, width } = layOut(view(bars, { endedAtMs: 1000 }), options);
    const [gate] = lanes[2]?.bars ?? [];
    expect((gate?.x ?? width) + (gate?.width ?? 0)).toBeLessThanOrEqual(width);
  });

  it('lays out 500 steps in a few milliseconds, scrollable rather than squeezed', () => {
    const bars = Array.from({ length: 500 }, (_, index) => bar(`s${index}`, index * 100, index * 100 + 90));
    const startedAt = performance.now();
    const layout = layOut(view(bars, { endedAtMs: 50_000 }), options);
    expect(performance.now() - startedAt).toBeLessThan(100);
    expect(layout.width).toBeGreaterThan(4000);
    expect(layout.lanes[0]?.rows).toBe(1);
  });

  it('never overlaps bars within a row and never leaves the chart, whatever the times', () => {
    const span = fc.tuple(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 0, max: 1e7 }));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 30 }), fc.integer({ min: 200, max: 2000 }), (spans, width) => {
        const bars = spans.map(([from, length], index) => bar(`s${index}`, from, from + length));
        const layout = layOut(view(bars, { endedAtMs: 2e9 }), { ...options, width });
        const placed = layout.lanes[0]?.bars ?? [];
        for (const one of placed) {
          expect(Number.isFinite(one.x) && one.x >= 0 && one.x <= layout.width).toBe(true);
          const others = placed.filter((other) => other.row === one.row && other.x > one.x);
          for (const other of others) expect(other.x).toBeGreaterThanOrEqual(one.x + one.width - 0.51);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('moving between steps by keyboard', () => {
  const { lanes } = layOut(
    view([bar('a1', 0, 1000), bar('b1', 1000, 2000, { lane: 'b' }), bar('a2', 2000, 3000)], {
      endedAtMs: 3000,
    }),
    options,
  );

  it.each([
    ['a1/1', 'ArrowRight', 'b1/1'],
    ['a2/1', 'ArrowLeft', 'b1/1'],
    ['a1/1', 'ArrowLeft', 'a1/1'],
    ['a2/1', 'ArrowDown', 'b1/1'],
    ['b1/1', 'ArrowDown', 'b1/1'],
    ['b1/1', 'ArrowUp', 'a1/1'],
    ['b1/1', 'Home', 'a1/1'],
    ['a1/1', 'End', 'a2/1'],
    [undefined, 'ArrowRight', 'a1/1'],
  ] as const)('from %s by %s gets to %s', (from, key, to) => expect(neighbour(lanes, from, key)).toBe(to));
});
