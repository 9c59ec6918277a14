/** The image files behind reference images: what may be removed, at which generation, and what became of each. */
import { faultClassOf } from '../core/errors';
import { isRemovable, parseGsUri } from '../core/names';
import type { ImageFile, RequestRecord } from '../core/request';
import type { ReferenceImage } from '../ports';
import { handledChunks } from './handledChunks';
import { readStaged } from './stagedImport';
import { ownFile, type StepContext } from './step';

/** All reference images of a product; null where the product does not exist. */
export async function imagesOf(context: StepContext, productId: string): Promise<ReferenceImage[] | null> {
  const { record, ports } = context;
  const first = await ports.productSearch.listReferenceImages(record.location, productId);
  if (first === null) return null;
  const images = [...first.items];
  let { nextPageToken } = first;
  while (nextPageToken !== undefined && nextPageToken !== '') {
    const query = { pageToken: nextPageToken };
    const page = await ports.productSearch.listReferenceImages(record.location, productId, query);
    // Gone between two pages: what was read of it is what there was.
    images.push(...(page?.items ?? []));
    nextPageToken = page?.nextPageToken;
  }
  return images;
}

/** The files of these images, each once, with the generation that is there now. */
export async function filesOf(context: StepContext, productId: string, images: ReferenceImage[]): Promise<ImageFile[]> {
  const files: ImageFile[] = [];
  for (const uri of new Set(images.map((image) => image.uri))) {
    const removable = isRemovable(uri, context.config.removableImages);
    const object = removable ? parseGsUri(uri) : null;
    const stored = object === null ? null : await context.ports.objects.stat(object);
    files.push({ productId, uri, generation: stored?.generation ?? null, removable });
  }
  return files;
}

/**
 * Removes the file at that generation. What is refused for good (a hold on the object, a permission that is missing) is an
 * answer, so that the other files go on; a fault that may pass is thrown.
 */
export async function removeFile(
  { ports }: StepContext,
  uri: string,
  generation: string,
): Promise<'gone' | 'changed' | { refused: string }> {
  const object = parseGsUri(uri);
  if (object === null) return { refused: 'it is no gs:// URI' };
  try {
    const outcome = await ports.objects.delete(object, { ifGenerationMatch: generation });
    return outcome === 'changed' ? 'changed' : 'gone';
  } catch (error) {
    if (!['permanent', 'configuration'].includes(faultClassOf(error))) throw error;
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

/** At most so many files that were not removed are named in the record; the report has all. */
const SHOWN_REFUSALS = 20;

/** Says that a file was not removed, once. */
export function tellRefusal({ problems }: RequestRecord, uri: string, refused: string): void {
  const message = `${uri} was not removed: ${refused}`;
  const told = problems.filter(({ code }) => code === 'not-removed');
  if (told.length >= SHOWN_REFUSALS || told.some((problem) => problem.message === message)) return;
  problems.push({ code: 'not-removed', message });
}

/** Whether the file is there no more, at no generation. */
export async function isGone({ ports }: StepContext, uri: string): Promise<boolean> {
  const object = parseGsUri(uri);
  return object !== null && (await ports.objects.stat(object)) === null;
}

/** JSON: `ImageFile[]` of one survey file's products. */
export function filesFile(context: Pick<StepContext, 'config' | 'record'>, chunk: number) {
  return ownFile(context, 'staging', `files-${String(chunk + 1).padStart(5, '0')}.json`);
}

export interface HandledFile {
  uri: string;
  /** Of a sweep: where an earlier request left it. */
  productId?: string;
  removed: boolean;
  reason: string;
  /** Of a sweep: the generation that was looked at. */
  generation?: string;
  /** Its removal was begun, and may have been done: not written down any more once that is known. */
  begun?: true;
  /** Something names it. */
  used?: true;
  /** Of a dry run. */
  wouldGo?: true;
  /** The service refused its removal for good. */
  failed?: true;
  /** The next sweep looks at it again. */
  again?: true;
}

/** JSON: `HandledFile[]` of one survey file's products. */
export function handledFile(context: Pick<StepContext, 'config' | 'record'>, chunk: number) {
  return ownFile(context, 'staging', `handled-files-${String(chunk + 1).padStart(5, '0')}.json`);
}

/** The image files that a request is about, as far as they are known; with what became of those that were handled. */
export async function* eachImageFile(context: StepContext): AsyncGenerator<HandledFile | ImageFile> {
  const { record } = context;
  for (let chunk = 0; chunk < handledChunks(record); chunk += 1) {
    const handled = await readStaged<HandledFile[]>(context, handledFile(context, chunk));
    const files =
      handled ?? record.facts.one?.files ?? (await readStaged<ImageFile[]>(context, filesFile(context, chunk)));
    yield* files ?? [];
  }
}

/** Whether the file would be removed, or left for a sweep, if the dry run that says this were carried out. */
export function wouldGo(file: ImageFile | HandledFile): boolean {
  return 'removable' in file ? file.generation !== null && file.used !== true : file.wouldGo === true;
}
