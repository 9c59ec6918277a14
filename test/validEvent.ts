/** Holds an event, as it is published, against its schema and against CloudEvents 1.0 in binary mode. */
import { z } from 'zod';
import { EVENT_SCHEMAS } from '../shared/core/eventSchema';

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/google-cloud-pubsub.md, and the contract's own rules. */
const Attributes = z.looseObject({
  'ce-specversion': z.literal('1.0'),
  'ce-id': z.string().min(1),
  'ce-type': z.string(),
  'ce-source': z.string().regex(/^\/\/product-search-cleanup\/projects\/[^/]+\/locations\/[^/]+$/),
  'ce-subject': z.string().regex(/^(?:requests|messages)\/.+$/s),
  'ce-time': z.iso.datetime({ offset: true }),
  'content-type': z.literal('application/json'),
});

/** Throws for an event that a subscriber could not rely on: an unknown type, a field too much, too few or wrong. */
export function checkEvent(message: { data: Buffer; attributes: Record<string, string> }): void {
  const attributes = Attributes.parse({ ...message.attributes });
  const type = attributes['ce-type'];
  const schema = EVENT_SCHEMAS[type];
  if (schema === undefined) throw new Error(`${type} has no schema in shared/core/eventSchema.ts`);
  const data: unknown = JSON.parse(message.data.toString('utf8'));
  const parsed = schema.safeParse(data);
  if (parsed.success) return;
  throw new Error(
    `${type} does not fit its schema: ${z.prettifyError(parsed.error)}\n${JSON.stringify(data, null, 1)}`,
  );
}
