/** The two methods that start long-running operations. Neither is idempotent: two calls are two operations. */
import { StatusError } from '../statusError';
import { INVALID_ARGUMENT, PERMISSION_DENIED } from './codes';
import { splitLines } from './csvLine';
import { productSetsOf, startImport } from './importLines';
import { type Place, parseLocationName, parseObjectUri, parseOperationName } from './names';
import type { StartedOperation } from './observer';
import type { Work } from './operations';
import { refuseSetUnderPurge, startPurge } from './purge';
import type { OperationResource, PurgeTarget } from './resources';
import type { ServiceContext } from './serviceContext';

export interface BatchMethods {
  importProductSets(request: { parent?: string | null; csvFileUri?: string | null }): OperationResource;
  purgeProducts(request: {
    parent?: string | null;
    target?: PurgeTarget | null;
    force?: boolean | null;
  }): OperationResource;
}

export function createBatchMethods(context: ServiceContext): BatchMethods {
  return {
    /**
     * Reads the file now. More lines than allowed are refused here, which the documentation leaves open; a set that is
     * being purged refuses the whole call, a product that is only its own line.
     */
    importProductSets(request) {
      const at = parseLocationName(request.parent);
      const { records, now } = context.open(at, 'importProductSets');
      const lines = readCsv(context, request.csvFileUri ?? '');
      const productSetIds = [...productSetsOf(lines)];
      for (const productSetId of productSetIds) refuseSetUnderPurge(records, productSetId);
      return start(context, at, startImport(context, records, lines), { kind: 'import', productSetIds, now });
    },
    purgeProducts(request) {
      const at = parseLocationName(request.parent);
      const { records, now } = context.open(at);
      const { target } = request;
      if (!target || ('productSetId' in target && !target.productSetId)) return refuse('A purge target is required.');
      if (!request.force) refuse('force must be true: a purge deletes products for good.');
      const echo = { parent: request.parent ?? '', target, force: true };
      const productSetIds = 'orphans' in target ? [] : [target.productSetId];
      return start(context, at, startPurge(records, echo, target), { kind: 'purge', productSetIds, now });
    },
  };
}

function start(
  context: ServiceContext,
  at: Place,
  work: Work,
  told: Pick<StartedOperation, 'kind' | 'productSetIds' | 'now'>,
): OperationResource {
  const operation = context.operations.start(at, work, { now: told.now, durationMs: context.operationMs });
  const id = parseOperationName(operation.name)?.id ?? '';
  context.observer.operationStarted?.({ id, location: at.location, ...told });
  return operation;
}

function readCsv(context: ServiceContext, uri: string): (string | null)[] {
  const object = parseObjectUri(uri);
  if (!object) return refuse(`csv_file_uri must be gs://bucket/object, but is '${uri}'.`);
  const content = context.objects.readObject(object.bucket, object.name);
  if (!content) throw new StatusError(PERMISSION_DENIED, `Error opening file: ${uri}`);
  const lines = splitLines(content);
  const most = context.limits.linesPerImport;
  if (lines.length > most) refuse(`The csv file has ${lines.length} lines; at most ${most} are allowed.`);
  return lines;
}

function refuse(message: string): never {
  throw new StatusError(INVALID_ARGUMENT, message);
}
