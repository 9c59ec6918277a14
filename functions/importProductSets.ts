/** A finalized object in the intake bucket becomes an import, unless it is no CSV. */
import { type CloudEvent, cloudEvent } from '@google-cloud/functions-framework';
import { InvalidEventError } from '../shared/core/errors';
import { parseFinalizedObject } from '../shared/core/finalizedObject';
import { advance } from '../shared/engine/advance';
import { acceptDrop } from '../shared/engine/intake';
import { type Deps, depsOf, invoke, NotAcknowledgedError } from '../shared/handler';

const deps = depsOf('importProductSets');

/** Returns when the event may be acknowledged; throws for an event of another bucket, and when it has to come again. */
async function importFile(event: CloudEvent<unknown>, { ports, config, pacer }: Deps): Promise<void> {
  const file = parseFinalizedObject(event);
  if (file.bucket !== config.intakeBucket) throw new InvalidEventError(`${file.bucket} is not the intake bucket`);
  const accepted = await acceptDrop(file, { ports, config }, 'now');
  if (accepted?.kind !== 'accepted') {
    ports.log.write('INFO', accepted === null ? 'object is no CSV' : 'file delivered before', { name: file.name });
    return;
  }
  ports.log.write('INFO', 'file accepted', { requestId: accepted.opened.record.id, name: file.name });
  await advance(accepted.opened, { ports, config, pacer });
}

/** The framework gives the header `traceparent` as an attribute of the event. */
cloudEvent('importProductSets', async (event: CloudEvent<unknown> & { traceparent?: string }) => {
  const outcome = await invoke(deps, { traceparent: event.traceparent }, (own) => importFile(event, own));
  if (outcome === 'failed') throw new NotAcknowledgedError();
});
