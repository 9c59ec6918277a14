/** Writes `report.json` of a command: counts, all problems, what went or would go. Safe to repeat: written over. */
import { formatGsUri } from '../core/names';
import type { ImageFile, RequestRecord } from '../core/request';
import { derivedReport } from './derivedPages';
import { filesFile, type HandledFile, handledFile } from './imageFiles';
import { readStaged } from './stagedImport';
import { commandInput, DONE, ownFile, type Step, type StepContext } from './step';
import { readSurvey } from './survey';

export const report: Step = async (context) => {
  const { record, ports, config } = context;
  record.outcome ??= outcomeOf(record);
  const products: { id: string; productSets: string[] }[] = [];
  const files: (HandledFile | ImageFile)[] = [...(record.facts.one?.files ?? [])];
  for (let chunk = 0; chunk < (record.facts.survey?.chunks ?? 0); chunk += 1) {
    const surveyed = await readSurvey(context, chunk);
    products.push(...surveyed.map(({ product, productSetIds }) => ({ id: product.id, productSets: productSetIds })));
    const handled = await readStaged<HandledFile[]>(context, handledFile(context, chunk));
    files.push(...(handled ?? (await readStaged<ImageFile[]>(context, filesFile(context, chunk))) ?? []));
  }
  if (record.dryRun) countFiles(record, files);
  const object = ownFile(context, 'reports', 'report.json');
  const body = {
    requestId: record.id,
    request: record.request,
    location: record.location,
    reason: record.reason,
    dryRun: record.dryRun,
    command: commandInput(record),
    outcome: record.outcome,
    counts: record.counts,
    operations: record.operations,
    problems: record.problems,
    snapshot: record.files.snapshot,
    [record.dryRun ? 'wouldGo' : 'targets']: {
      ...targetOf(context),
      products,
      alreadyAbsent: record.facts.survey?.absent ?? [],
    },
    imageFiles: files,
    ...(await derivedReport(context)),
  };
  await ports.objects.write(object, JSON.stringify(body, null, 1), { contentType: 'application/json' });
  record.files.report = formatGsUri({ bucket: config.stateBucket, name: object.name });
  return DONE;
};

function outcomeOf(record: RequestRecord): RequestRecord['outcome'] {
  if (record.dryRun) return 'dryRun';
  return (record.counts.failed ?? 0) > 0 ? 'partial' : 'succeeded';
}

/** What a single delete names; bulk deletes list their products instead. */
function targetOf({ record }: StepContext): Record<string, unknown> {
  const { productId, referenceImageId, productSetId } = commandInput(record);
  return { productId, referenceImageId, productSetId };
}

/** A dry run says what would happen to the files: those in REMOVABLE_IMAGES that are there would go. */
function countFiles(record: RequestRecord, files: (HandledFile | ImageFile)[]): void {
  if ((commandInput(record).imageFiles ?? 'keep') === 'keep') return;
  const uris = new Map(files.map((file) => [file.uri, 'generation' in file && file.generation !== null]));
  record.counts.imageFilesRemoved = [...uris.values()].filter((removed) => removed).length;
  record.counts.imageFilesKept = uris.size - record.counts.imageFilesRemoved;
}
