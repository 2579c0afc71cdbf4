import type { TimelineFromWebview, TimelineToWebview } from '../../src/protocol/timeline.ts';

interface EditorApi {
  postMessage(message: TimelineFromWebview): void;
  setState(state: { readonly run: string }): void;
}

declare function acquireVsCodeApi(): EditorApi;

/** The extension host, as the timeline talks to it. */
export interface Host {
  send(message: TimelineFromWebview): void;
  listen(listener: (message: TimelineToWebview) => void): void;
}

/** Connects to the extension host; to be called once. `run` is kept for a reload of the window. */
export function connectHost(run: string): Host {
  const api = acquireVsCodeApi();
  api.setState({ run });
  return {
    send: (message) => api.postMessage(message),
    listen: (listener) =>
      window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (isMessage(data)) listener(data);
      }),
  };
}

/** Only the extension host can post here, so only the shape that decides what is shown is checked. */
export function isMessage(data: unknown): data is TimelineToWebview {
  if (!isRecord(data)) return false;
  if (data.type === 'failed') return isRecord(data.failure) && typeof data.failure.message === 'string';
  if (data.type === 'step') return isRecord(data.detail) && typeof data.detail.step === 'string';
  if (data.type !== 'timeline' || !isRecord(data.view)) return false;
  return [data.view.lanes, data.view.bars, data.view.marks].every(Array.isArray);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
