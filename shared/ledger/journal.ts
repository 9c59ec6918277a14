/** The journal of events: what was published lies in the state bucket, and what lies there is what is published. */
import type { Config } from '../config';
import { eventMessage, journalName } from '../core/event';
import type { OutgoingEvent } from '../core/outgoingEvent';
import type { Ports } from '../ports';

type JournalPorts = Pick<Ports, 'objects' | 'publisher'>;

/** The event that was journaled under this id before, or null. */
export async function journaled(
  ports: Pick<Ports, 'objects'>,
  config: Config,
  event: OutgoingEvent,
  acceptedAt: string,
): Promise<OutgoingEvent | null> {
  const found = await ports.objects.read({ bucket: config.stateBucket, name: journalName(event, acceptedAt) });
  return found === null ? null : (JSON.parse(found.body.toString('utf8')) as OutgoingEvent);
}

/**
 * Journals the event and publishes it; where one with this id is journaled already, that one is published again.
 * Gives the event that holds. Safe to repeat: subscribers see the same id.
 */
export async function announce(
  ports: JournalPorts,
  config: Config,
  event: OutgoingEvent,
  acceptedAt: string,
): Promise<OutgoingEvent> {
  const written = await ports.objects.write(
    { bucket: config.stateBucket, name: journalName(event, acceptedAt) },
    JSON.stringify(event, null, 1),
    { contentType: 'application/cloudevents+json', ifGenerationMatch: '0' },
  );
  const held = written === null ? ((await journaled(ports, config, event, acceptedAt)) ?? event) : event;
  await ports.publisher.publish(config.eventsTopic, eventMessage(held));
  return held;
}
