/** The product ids that a command names, in itself or in a list that `readList` has read. */
import { readStaged } from './stagedImport';
import { commandInput, ownFile, type StepContext } from './step';

/** JSON: sorted ids, each once. */
export function listFile(context: Pick<StepContext, 'config' | 'record'>, chunk: number) {
  return ownFile(context, 'staging', `list-${String(chunk + 1).padStart(5, '0')}.json`);
}

export interface ListedIds {
  count: number;
  /** The ids from `from` up to, not including, `to`. */
  slice(from: number, to: number): Promise<string[]>;
}

export function listedIds(context: StepContext): ListedIds {
  const { productIds } = commandInput(context.record);
  if (productIds !== undefined)
    return { count: productIds.length, slice: async (from, to) => productIds.slice(from, to) };
  const inFile = context.config.sizes.listedIds;
  let read: { chunk: number; ids: Promise<string[]> } | null = null;
  async function chunkOf(chunk: number): Promise<string[]> {
    if (read?.chunk !== chunk) read = { chunk, ids: readChunk(context, chunk) };
    return read.ids;
  }
  return {
    count: context.record.facts.list?.ids ?? 0,
    /** Does not reach over the end of a file: `Sizes.listedIds` is a multiple of what is asked for. */
    async slice(from, to) {
      const ids = await chunkOf(Math.floor(from / inFile));
      return ids.slice(from % inFile, (from % inFile) + to - from);
    },
  };
}

async function readChunk(context: StepContext, chunk: number): Promise<string[]> {
  const ids = await readStaged<string[]>(context, listFile(context, chunk));
  if (ids === null) throw new Error(`list file ${chunk + 1} of ${context.record.id} is missing`);
  return ids;
}
