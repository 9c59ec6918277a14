/** The files that an import keeps in its staging folder between its steps. */
import type { Problem } from '../core/problem';
import type { OperationSummary } from '../core/request';
import type { LineStatus, ObjectName } from '../ports';
import { ownFile, type StepContext } from './step';

/** What became of one part: a status a line in order, or one error for all its lines. */
export interface PartResult {
  statuses?: LineStatus[];
  error?: { code: string; message: string };
  repeated?: true;
  /** Of a merged import: the operation that it was. */
  operation?: OperationSummary;
}

/** What the check says of one line that has anything to say of: every skipped line, and lines with warnings. */
export interface LineVerdict {
  line: number;
  skipped: boolean;
  problems: Problem[];
}

type FileContext = Pick<StepContext, 'config' | 'record'>;

function numbered(stem: string, index: number, ending: string): string {
  return `${stem}-${String(index + 1).padStart(5, '0')}.${ending}`;
}

export const stagedOriginal = (context: FileContext): ObjectName => ownFile(context, 'staging', 'original');

/** The normalised CSV that is imported as part `index` (from 0). */
export const stagedPart = (context: FileContext, index: number): ObjectName =>
  ownFile(context, 'staging', numbered('import', index, 'csv'));

/** JSON: the original line numbers of the part's lines, in order. */
export const partLines = (context: FileContext, index: number): ObjectName =>
  ownFile(context, 'staging', numbered('import', index, 'lines.json'));

/** JSON: `PartResult`. */
export const resultFile = (context: FileContext, index: number): ObjectName =>
  ownFile(context, 'staging', numbered('import', index, 'result.json'));

/** JSON: `LineVerdict[]` in the order of lines, `index` from 0. */
export const verdictFile = (context: FileContext, index: number): ObjectName =>
  ownFile(context, 'staging', numbered('verdicts', index, 'json'));

/** The value of a JSON file of the staging folder, or null where it was never written. */
export async function readStaged<T>(context: StepContext, object: ObjectName): Promise<T | null> {
  const found = await context.ports.objects.read(object);
  return found === null ? null : (JSON.parse(found.body.toString('utf8')) as T);
}
