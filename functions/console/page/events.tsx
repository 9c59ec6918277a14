/** The latest events as they were published, newest first. */
import type { EventRow } from '../../../shared/console/eventRow';
import type { Part } from '../../../shared/console/part';
import { consoleUrl } from './address';
import type { Choose } from './chosenRequest';
import { Age } from './clock';
import { RequestLinks } from './requestLinks';

export function Events({ part, choose }: { part: Part<EventRow[]>; choose: Choose }) {
  return (
    <section aria-labelledby="events-title">
      <h2 id="events-title">Events</h2>
      {part.value === undefined && <p class="fault">{part.error}</p>}
      {part.value?.length === 0 && <p class="quiet">No event yet. Every request ends with one.</p>}
      <ol class="events">
        {part.value?.map((event) => (
          <EventLine key={event.id} event={event} choose={choose} />
        ))}
      </ol>
    </section>
  );
}

function EventLine({ event, choose }: { event: EventRow; choose: Choose }) {
  const { requestId } = event;
  return (
    <li>
      <span class={`dot ${event.tone}`} />
      <span class="title">
        {requestId === undefined ? (
          event.title
        ) : (
          <button type="button" class="plain" onClick={() => choose(requestId, 'show')}>
            {event.title}
          </button>
        )}
        {event.summary !== '' && (
          <span class="what">
            <RequestLinks text={event.summary} choose={choose} />
          </span>
        )}
      </span>
      <a href={consoleUrl(event.href)} download title={event.type}>
        <Age at={event.time} />
      </a>
    </li>
  );
}
