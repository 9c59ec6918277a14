/**
 * Reads the list of product ids that the command points to, at the generation that is there first: sorted, each id once,
 * in files of the staging folder. A list with a line that is no id is refused whole. Safe to repeat: written over.
 */
import { idFault, isInFolder, parseGsUri } from '../core/names';
import type { Problem } from '../core/problem';
import type { Runs } from '../core/request';
import type { ObjectName } from '../ports';
import { listFile } from './listedIds';
import { splitLines } from './readText';
import { addRun, type Entry, mergeRuns, NO_RUNS } from './sortedRuns';
import { commandInput, DONE, end, type Step, type StepContext } from './step';

const RUNS = 'list-run';
const MOST_PROBLEMS = 100;
/** A longer line is no id; it is cut here, so that a file without line ends never fills the memory. */
const LONGEST_LINE = 1_000;

export const readList: Step = async (context) => {
  const { record, ports, config } = context;
  const { listUri = '' } = commandInput(record);
  const allowed = [`gs://${config.intakeBucket}/`, ...config.listSources];
  const object = parseGsUri(listUri);
  if (object === null || !allowed.some((folder) => isInFolder(listUri, folder))) {
    return refused('list-source', `${listUri} does not lie in ${allowed.join(' or ')} (LIST_SOURCES)`);
  }
  const known = record.facts.list;
  const stored = await ports.objects.stat(object, known?.generation);
  if (stored === null) {
    const what = known === undefined ? 'does not exist' : 'was replaced or deleted while it was read';
    return refused('list-missing', `${listUri} ${what}; nothing was deleted`);
  }
  record.facts.list = { generation: stored.generation, size: stored.size, ids: 0, chunks: 0 };
  await context.checkpoint();
  const { runs, lines, problems } = await sortIds(context, object, stored.generation);
  if (problems.length > 0) return end('rejected', ...problems);
  if (lines === 0) return refused('list-empty', `${listUri} names no product: one id a line is expected`);
  record.facts.list = { ...record.facts.list, ...(await writeChunks(context, runs)) };
  return DONE;
};

function refused(code: string, message: string) {
  return end('rejected', { code, field: 'listUri', message });
}

async function sortIds(context: StepContext, object: ObjectName, generation: string) {
  const content = await context.ports.objects.openRead(object, generation);
  if (content === null) throw new Error(`gs://${object.bucket}/${object.name} is gone`);
  const problems: Problem[] = [];
  let entries: Entry[] = [];
  let runs = NO_RUNS;
  let [number, lines] = [0, 0];
  for await (const text of splitLines(content, { longest: LONGEST_LINE, beforeEach: () => context.keepLease() })) {
    number += 1;
    const id = number === 1 ? text.replace(/^\uFEFF/u, '').trim() : text.trim();
    if (id === '') continue;
    lines += 1;
    const problem = lineProblem(id, number, lines, context.config.maxProductsCeiling);
    if (problem !== null) problems.push(problem);
    if (problems.length >= MOST_PROBLEMS || problem?.code === 'list-size') break;
    entries.push({ key: id, value: null });
    if (entries.length < context.config.sizes.runEntries) continue;
    runs = await addRun(context, RUNS, runs, entries);
    entries = [];
  }
  if (entries.length > 0) runs = await addRun(context, RUNS, runs, entries);
  return { runs, lines, problems };
}

function lineProblem(id: string, line: number, lines: number, ceiling: number): Problem | null {
  if (lines > ceiling) {
    const message = `The list has more than ${ceiling} lines, the ceiling of this system (MAX_PRODUCTS_CEILING)`;
    return { code: 'list-size', field: 'listUri', line, message };
  }
  const fault = idFault(id);
  if (fault === null) return null;
  return { code: 'product-id', field: 'listUri', line, message: `line ${line}: the product id ${fault}` };
}

async function writeChunks(context: StepContext, runs: Runs): Promise<{ ids: number; chunks: number }> {
  let ids: string[] = [];
  let [count, chunks] = [0, 0];
  async function flush() {
    await context.ports.objects.write(listFile(context, chunks), JSON.stringify(ids), {
      contentType: 'application/json',
    });
    chunks += 1;
    ids = [];
  }
  let last: string | undefined;
  for await (const { key } of mergeRuns(context, RUNS, runs)) {
    if (key === last) continue;
    last = key;
    count += 1;
    ids.push(key);
    if (ids.length === context.config.sizes.listedIds) await flush();
  }
  if (ids.length > 0) await flush();
  return { ids: count, chunks };
}
