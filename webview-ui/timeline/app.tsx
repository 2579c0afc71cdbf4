import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { Chart } from './chart.tsx';
import { Details } from './details.tsx';
import { Loading } from './elements.tsx';
import { FailureNote } from './failure-note.tsx';
import { Header } from './header.tsx';
import type { Host } from './host.ts';
import { layOut } from './layout.ts';
import { initialState, reduce } from './state.ts';
import type { Selection } from './state.ts';
import type { TimelineView } from '../../src/protocol/timeline.ts';

export function App({ host }: { readonly host: Host }) {
  const [state, dispatch] = useReducer(reduce, initialState);
  const nowMs = useNow(state.view);
  useEffect(() => {
    host.listen(dispatch);
    host.send({ type: 'ready' });
  }, [host]);
  const select = (selection: Selection | undefined) => {
    dispatch({ type: 'select', selection });
    host.send({ type: 'select-step', step: selection?.step ?? null });
  };
  const { view, failure, selection, zoom } = state;
  if (!view) return failure ? <FailureNote failure={failure} /> : <Loading what="Loading the run…" />;
  return (
    <>
      <Header
        view={view}
        nowMs={nowMs}
        zoom={zoom}
        host={host}
        onZoom={(factor) => dispatch({ type: 'zoom', factor })}
      />
      {failure ? <FailureNote failure={failure} /> : null}
      {view.failure ? <FailureNote failure={view.failure} /> : null}
      {view.status === 'stopped' ? <p class="note quiet">{view.statusText}</p> : null}
      <main class={selection ? 'with-details' : ''}>
        <Tracks view={view} zoom={zoom} nowMs={nowMs} selection={selection} onSelect={select} />
        <Details state={state} nowMs={nowMs} host={host} onClose={() => select(undefined)} />
      </main>
      {selection ? null : (
        <p class="hint quiet">Select a step to see its input, output, sources and proposal.</p>
      )}
    </>
  );
}

interface TracksProps {
  readonly view: TimelineView;
  readonly zoom: number;
  readonly nowMs: number;
  readonly selection: Selection | undefined;
  readonly onSelect: (selection: Selection) => void;
}

function Tracks({ view, zoom, nowMs, selection, onSelect }: TracksProps) {
  const [box, width] = useWidth();
  const layout = useMemo(() => layOut(view, { width, zoom, nowMs }), [view, width, zoom, nowMs]);
  return (
    <section ref={box} class="timeline" aria-label="Timeline">
      <Chart layout={layout} nowMs={nowMs} selection={selection} onSelect={onSelect} />
    </section>
  );
}

const TICK_MS = 1000;
const LABELS_PX = 132;
const NARROW_PX = 560;

/** The width that is left for the tracks; labels stand beside them unless it is narrow. */
function useWidth() {
  const box = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(600);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const all = entry?.contentRect.width ?? 600;
      setWidth(Math.max(120, Math.floor(all - (all < NARROW_PX ? 76 : LABELS_PX) - 8)));
    });
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return [box, width] as const;
}

/** The time, moving until the run is over. */
function useNow(view: TimelineView | undefined): number {
  const [nowMs, setNow] = useState(() => Date.now());
  const over = view?.endedAtMs !== undefined;
  useEffect(() => {
    setNow(Date.now());
    if (over) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') setNow(Date.now());
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [over, view]);
  return nowMs;
}
