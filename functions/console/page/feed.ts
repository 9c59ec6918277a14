/** The overview as it is now: asked for again and again while the page is seen, kept when the connection is lost. */
import { useEffect, useState } from 'preact/hooks';
import type { Overview } from '../../../shared/console/overview';
import { consoleUrl } from './address';
import { pauseAfter } from './retry';

export type Link = 'connecting' | 'live' | 'lost' | 'paused';

export interface Feed {
  overview: Overview | null;
  link: Link;
  /** Server time minus the time of this machine, milliseconds: ages are told by the server's clock. */
  skewMs: number;
}

const ANSWER_WITHIN_MS = 20_000;

/** JSON of the console; rejects with its own words where it refuses. */
export async function fetchJson<T>(relative: string, signal: AbortSignal): Promise<T> {
  const answer = await fetch(consoleUrl(relative), { signal, headers: { Accept: 'application/json' } });
  if (answer.ok) return (await answer.json()) as T;
  const refusal = (await answer.json().catch(() => null)) as { error?: string } | null;
  throw new Error(refusal?.error ?? `The console answered ${answer.status}`);
}

export function useFeed(): Feed {
  const [feed, setFeed] = useState<Feed>({ overview: null, link: 'connecting', skewMs: 0 });
  useEffect(() => follow((change) => setFeed((before) => ({ ...before, ...change }))), []);
  return feed;
}

/** Gives up when the answer takes too long. */
async function fetchOverview(controller: AbortController): Promise<Overview> {
  const limit = window.setTimeout(() => controller.abort(), ANSWER_WITHIN_MS);
  try {
    return await fetchJson<Overview>('api/overview', controller.signal);
  } finally {
    window.clearTimeout(limit);
  }
}

/** Asks until the function that it gives is called. */
function follow(tell: (change: Partial<Feed>) => void): () => void {
  let failures = 0;
  let timer: number | undefined;
  let asking: AbortController | null = null;

  async function ask(): Promise<void> {
    const controller = new AbortController();
    asking = controller;
    try {
      const overview = await fetchOverview(controller);
      failures = 0;
      tell({ overview, link: 'live', skewMs: Date.parse(overview.at) - Date.now() });
    } catch {
      if (asking !== controller) return;
      failures += 1;
      tell({ link: 'lost' });
    }
    if (asking === controller) timer = window.setTimeout(ask, pauseAfter(failures));
  }

  function stop(): void {
    window.clearTimeout(timer);
    const controller = asking;
    asking = null;
    controller?.abort();
  }

  function onVisibility(): void {
    stop();
    if (document.hidden) tell({ link: 'paused' });
    else void ask();
  }

  document.addEventListener('visibilitychange', onVisibility);
  if (!document.hidden) void ask();
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    stop();
  };
}
