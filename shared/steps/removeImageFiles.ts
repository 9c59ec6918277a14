/**
 * Removes the image files of references that are gone: only where files may be removed, only at the generation that was
 * seen, and only if no reference image of the same product uses the file now. Safe to repeat: a file that was seen and
 * is gone counts as removed, whoever has come to use it since.
 */
import { faultClassOf } from '../core/errors';
import { parseGsUri } from '../core/names';
import type { ImageFile, RequestRecord } from '../core/request';
import { mapInTime } from './atOnce';
import { handledChunks } from './handledChunks';
import { filesFile, type HandledFile, handledFile, imagesOf, isGone, removeFile, tellRefusal } from './imageFiles';
import { leaveCandidates } from './leaveCandidates';
import { readStaged } from './stagedImport';
import { commandInput, DONE, end, type Step, type StepContext } from './step';
import { readSurvey } from './surveyFiles';

interface Cursor {
  chunk: number;
  /** How many files of that list are handled, where an invocation left off within it. */
  handled?: number;
  /** Files whose removal was refused for good. */
  refused?: number;
}

export const removeImageFiles: Step = async (context, saved) => {
  const { record } = context;
  const cursor: Cursor = { chunk: 0, ...(saved as Cursor | undefined) };
  const chunks = handledChunks(record);
  // What was counted and decided before: counted once more, it might come out otherwise, and the files are gone by then.
  if (saved === undefined && chunks > 0) await context.checkpoint(cursor);
  while (cursor.chunk < chunks) {
    const files = await filesToGo(context, cursor.chunk);
    if (commandInput(record).imageFiles === 'removeUnlessUsed') {
      const handled = await leaveCandidates(context, cursor.chunk, files);
      await keepList(context, cursor.chunk, handled);
      count(record, handled);
    } else if (!(await removeUnused(context, cursor, files))) {
      return { kind: 'more', cursor };
    }
    cursor.chunk += 1;
    cursor.handled = undefined;
    if (context.outOfTime()) return { kind: 'more', cursor };
    if (chunks > 1) await context.checkpoint(cursor);
  }
  return cursor.refused !== undefined ? end('partial') : DONE;
};

function count({ counts }: RequestRecord, handled: readonly HandledFile[]): void {
  const removed = handled.filter((file) => file.removed).length;
  const pending = handled.filter((file) => file.again === true).length;
  counts.imageFilesRemoved = (counts.imageFilesRemoved ?? 0) + removed;
  counts.imageFilesPending = (counts.imageFilesPending ?? 0) + pending;
  counts.imageFilesKept = (counts.imageFilesKept ?? 0) + handled.length - removed - pending;
}

/** The files of the products of one survey file; of a bulk delete that was cut short only of those that it had come to. */
async function filesToGo(context: StepContext, chunk: number): Promise<ImageFile[]> {
  const { one, deleted } = context.record.facts;
  const files = one?.files ?? (await readStaged<ImageFile[]>(context, filesFile(context, chunk))) ?? [];
  if (deleted === undefined || chunk < deleted.chunk) return files;
  const begun = (await readSurvey(context, chunk)).slice(0, deleted.from).map(({ product }) => product.id);
  const ids = new Set([...begun, ...(deleted.done ?? [])]);
  return files.filter(({ productId }) => ids.has(productId));
}

async function keepList(context: StepContext, chunk: number, handled: HandledFile[]): Promise<void> {
  await context.ports.objects.write(handledFile(context, chunk), JSON.stringify(handled), {
    contentType: 'application/json',
  });
}

/** Each file once, also where several of the products used it. False where the time was used up before the last of them. */
async function removeUnused(context: StepContext, cursor: Cursor, files: ImageFile[]): Promise<boolean> {
  const { record } = context;
  const byUri = new Map<string, ImageFile[]>();
  for (const file of files) byUri.set(file.uri, [...(byUri.get(file.uri) ?? []), file]);
  const list = handledFile(context, cursor.chunk);
  const written = cursor.handled === undefined ? null : await readStaged<HandledFile[]>(context, list);
  // Not more than has been counted: an invocation that died may have written more.
  const before = written?.slice(0, cursor.handled) ?? [];
  const usesOf = rememberedUses(context);
  const todo = [...byUri.values()].slice(before.length);
  const { results, fault } = await mapInTime(todo, context.outOfTime, async (sameFile) => {
    const [first] = sameFile as [ImageFile];
    const unknown = await whyUnknown(sameFile, usesOf);
    const wasRemoved = async () => first.generation !== null && (await isGone(context, first.uri));
    if (unknown !== null) return (await wasRemoved()) ? remove(context, first) : refusedFile(context, first, unknown);
    for (const { productId, uri } of sameFile) {
      const isUsed = (await usesOf(productId)).has(uri) && !(await wasRemoved());
      if (isUsed) return kept(first, `still used by product ${productId}`);
    }
    return remove(context, first);
  });
  if (results.length > 0 || todo.length === 0) await keepList(context, cursor.chunk, [...before, ...results]);
  count(record, results);
  const refused = results.filter((file) => file.failed === true).length;
  if (refused > 0) cursor.refused = (cursor.refused ?? 0) + refused;
  if (results.length === todo.length) return true;
  if (results.length > 0) cursor.handled = before.length + results.length;
  record.cursor = { ...cursor };
  if (fault !== undefined) throw fault;
  return false;
}

/** What a product's reference images use now, asked for once a product. */
function rememberedUses(context: StepContext): (productId: string) => Promise<ReadonlySet<string>> {
  const uses = new Map<string, Promise<ReadonlySet<string>>>();
  const look = async (productId: string) => new Set((await imagesOf(context, productId))?.map((image) => image.uri));
  return (productId) => {
    const known = uses.get(productId) ?? look(productId);
    uses.set(productId, known);
    return known;
  };
}

/** Where the service refuses for good to tell of one of the products, the file stays, and the others go on. */
async function whyUnknown(sameFile: ImageFile[], usesOf: ReturnType<typeof rememberedUses>): Promise<string | null> {
  try {
    for (const { productId } of sameFile) await usesOf(productId);
    return null;
  } catch (error) {
    if (faultClassOf(error) !== 'permanent') throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

function refusedFile(context: StepContext, file: ImageFile, why: string): HandledFile {
  tellRefusal(context.record, file.uri, why);
  return { ...kept(file, `could not be removed: ${why}`), failed: true };
}

function kept({ uri, productId }: ImageFile, reason: string): HandledFile {
  return { uri, productId, removed: false, reason };
}

async function remove(context: StepContext, file: ImageFile): Promise<HandledFile> {
  if (!file.removable || parseGsUri(file.uri) === null) return kept(file, 'outside REMOVABLE_IMAGES');
  if (file.generation === null) return kept(file, 'was not there before the delete');
  const outcome = await removeFile(context, file.uri, file.generation);
  if (outcome === 'changed') return kept(file, `replaced since generation ${file.generation} was seen`);
  if (outcome !== 'gone') return refusedFile(context, file, outcome.refused);
  const reason = 'no reference image of the product uses it';
  return { uri: file.uri, productId: file.productId, removed: true, reason };
}
