/** A finalized object in the intake bucket becomes an import, unless it is no CSV. */
import { ForeignEventError } from '../shared/core/errors';
import { FINALIZED_TYPE, type FinalizedObject, parseFinalizedObject } from '../shared/core/finalizedObject';
import { advance } from '../shared/engine/advance';
import { acceptDrop } from '../shared/engine/intake';
import { type Deps, depsOf, eventFunction } from '../shared/handler';
import { serve } from './framework/serve';

function readFile(event: unknown, { intakeBucket }: Deps['config']): FinalizedObject {
  const file = parseFinalizedObject(event);
  if (file.bucket !== intakeBucket) throw new ForeignEventError(`${file.bucket} is not the intake bucket`);
  return file;
}

/** Returns when the event may be acknowledged; throws when it has to come again. */
async function importFile(file: FinalizedObject, { ports, config, pacer }: Deps): Promise<void> {
  const accepted = await acceptDrop(file, { ports, config }, 'now');
  if (accepted?.kind !== 'accepted') {
    ports.log.write('INFO', accepted === null ? 'object is no CSV' : 'file delivered before', { name: file.name });
    return;
  }
  ports.log.write('INFO', 'file accepted', { requestId: accepted.opened.record.id, name: file.name });
  await advance(accepted.opened, { ports, config, pacer });
}

const wanted = `this function takes a CloudEvent ${FINALIZED_TYPE} of its intake bucket, by POST`;

/** Plain HTTP: the framework's own reading of events answers 500 to all that it cannot read, and says no reason. */
serve('importProductSets', eventFunction(depsOf('importProductSets'), { read: readFile, handle: importFile, wanted }));
