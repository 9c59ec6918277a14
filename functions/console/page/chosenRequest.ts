/** The request whose story is open; it stands in the address, so that it can be sent to somebody. */
import { useEffect, useState } from 'preact/hooks';

/** Chooses a request, or none; `show` also scrolls to it. */
export type Choose = (id: string | null, show?: 'show') => void;

function fromAddress(): string | null {
  const id = window.location.hash.slice(1);
  return /^(?:imp|cmd)-[A-Za-z0-9_-]+$/.test(id) ? id : null;
}

export function useChosenRequest(): [string | null, Choose] {
  const [chosen, setChosen] = useState(fromAddress);
  useEffect(() => {
    const onHash = () => setChosen(fromAddress());
    window.addEventListener('hashchange', onHash);
    return () => window.removeEventListener('hashchange', onHash);
  }, []);
  const choose: Choose = (id, show) => {
    window.history.replaceState(null, '', id === null ? window.location.pathname : `#${id}`);
    setChosen(id);
    if (show === 'show') {
      requestAnimationFrame(() => document.getElementById('requests')?.scrollIntoView({ block: 'start' }));
    }
  };
  return [chosen, choose];
}
