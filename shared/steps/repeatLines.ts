/** Collecting the lines of an import that failed for a passing reason, to import them once more. */
import { STATUS_CODES } from '../core/errors';
import { note } from '../core/request';
import { type PartResult, partLines, readStaged, resultFile, stagedPart } from './stagedImport';
import { type StepContext, timeText } from './step';

/** Statuses of a line that may be another the next time. */
const PASSING: ReadonlySet<number> = new Set([
  STATUS_CODES.DEADLINE_EXCEEDED,
  STATUS_CODES.RESOURCE_EXHAUSTED,
  STATUS_CODES.ABORTED,
  STATUS_CODES.INTERNAL,
  STATUS_CODES.UNAVAILABLE,
]);

/**
 * Appends these lines as one more part and says whether there were any. Only once a file, only lines whose parts were
 * answered line by line, and at most as many as one import takes: the rest stays failed.
 */
export async function appendRepeatedLines(context: StepContext): Promise<boolean> {
  const { record, ports, config } = context;
  const file = record.facts.file;
  if (file === undefined || file.repeated !== undefined) return false;
  const numbers: number[] = [];
  const texts: string[] = [];
  for (const part of file.parts.keys()) {
    const result = await readStaged<PartResult>(context, resultFile(context, part));
    const failed = (result?.statuses ?? []).flatMap(({ code }, index) => (PASSING.has(code) ? [index] : []));
    if (failed.length === 0) continue;
    const lines = (await readStaged<number[]>(context, partLines(context, part))) ?? [];
    const body = (await ports.objects.read(stagedPart(context, part)))?.body.toString('utf8').split('\n') ?? [];
    for (const index of failed.slice(0, config.sizes.importLines - numbers.length)) {
      numbers.push(lines[index] ?? 0);
      texts.push(`${body[index]}\n`);
    }
  }
  if (numbers.length === 0) {
    file.repeated = numbers;
    return false;
  }
  const part = file.parts.length;
  await ports.objects.write(stagedPart(context, part), texts.join(''), { contentType: 'text/csv' });
  await ports.objects.write(partLines(context, part), JSON.stringify(numbers), { contentType: 'application/json' });
  // Only now: a fault of a write is written with the record, and the part must be counted with its lines or not at all.
  file.repeated = numbers;
  file.parts.push(numbers.length);
  note(record, timeText(context), `${numbers.length} lines failed for a passing reason and are imported once more`);
  return true;
}
