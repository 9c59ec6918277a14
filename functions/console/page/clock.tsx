/** Times on the page, told by the server's clock and ticking by themselves. */
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { ageText, durationText } from './timeWords';

/** Milliseconds since the epoch, by the server's clock. */
export const Now = createContext(0);

const TICK_MS = 1_000;

export function useNow(skewMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), TICK_MS);
    return () => window.clearInterval(timer);
  }, []);
  return now + skewMs;
}

/** "3 min ago", with the whole time as its title. */
export function Age({ at }: { at: string }) {
  const now = useContext(Now);
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {ageText(now - Date.parse(at))}
    </time>
  );
}

/** How long from one time to another, or until now. */
export function Duration({ from, to }: { from: string; to?: string }) {
  const now = useContext(Now);
  return <span>{durationText((to === undefined ? now : Date.parse(to)) - Date.parse(from))}</span>;
}

/** The time of day, with seconds. */
export function TimeOfDay({ at }: { at: string }) {
  const time = new Date(at);
  return (
    <time dateTime={at} title={time.toLocaleString()}>
      {time.toLocaleTimeString('en-GB')}
    </time>
  );
}
