/** Which system this is, what it is doing, and whether the page is up to date. */
import type { Overview } from '../../../shared/console/overview';
import { numberText } from '../../../shared/console/words';
import type { Link } from './feed';

const LINKS: Record<Link, string> = {
  connecting: 'connecting',
  live: 'live',
  lost: 'connection lost, retrying',
  paused: 'paused',
};

export function Header({ overview, link }: { overview: Overview | null; link: Link }) {
  return (
    <header>
      <h1>Product Search console</h1>
      {overview !== null && (
        <p class="place">
          <span>{overview.projectId}</span>
          <span>{overview.location}</span>
          {overview.isLocal && <span>local services</span>}
        </p>
      )}
      {overview !== null && <p class="now">{nowText(overview)}</p>}
      <p class={`link ${link}`} role="status">
        {LINKS[link]}
      </p>
    </header>
  );
}

function nowText({ requests, imports }: Overview): string {
  const parts: string[] = [];
  if (requests.value !== undefined) parts.push(`${numberText(requests.value.open)} open`);
  if (imports.value !== undefined) {
    const { used, limit } = imports.value;
    parts.push(`${numberText(used)} of ${numberText(limit)} imports in 24 h`);
  }
  return parts.join(' · ');
}
