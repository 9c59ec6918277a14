/**
 * Every dropped line is accounted for: the counts add up, the archive has the file, `retry.csv` has the failed and
 * skipped lines byte for byte, and no line counts as imported unless the service said so of this very line.
 */
import { gunzipSync } from 'node:zlib';
import { createFileChecker } from '../../../shared/core/csv/fileChecker';
import type { LineVerdict } from '../../../shared/core/csv/lineVerdict';
import { STATUS_CODES } from '../../../shared/core/errors';
import type { RequestRecord } from '../../../shared/core/request';
import type { AskedFile } from '../asked';
import type { Rule, RuleWorld } from './rule';

type Violated = (what: string) => void;

export const lines: Rule = (world, violated) => ({
  atEnd() {
    for (const asked of world.asked.files.values()) {
      const record = world.asked.closed(asked.requestId);
      if (record !== null) checkFile(world, asked, record, violated);
    }
  },
});

function checkFile(world: RuleWorld, { requestId, file, body }: AskedFile, record: RequestRecord, violated: Violated) {
  const { lines: all = 0, imported = 0, alreadyPresent = 0, failed = 0, skipped = 0 } = record.counts;
  if (all !== imported + alreadyPresent + failed + skipped) {
    violated(`${requestId}: ${JSON.stringify(record.counts)} does not add up`);
  }
  const wasRead = record.problems.every(({ code }) => code !== 'superseded' && code !== 'deleted');
  if (!wasRead) return;
  // Refused by its name, cancelled at once or given up, a file is not staged: replaced by then, it is gone, as its user
  // wanted.
  const isUnread = record.outcome !== 'succeeded' && record.facts.file === undefined;
  if (isUnread && isReplaced(world, file)) return;
  const archived = bytesOf(world, record.files.archive);
  if (archived === null || !archived.equals(body)) {
    return violated(`${requestId}: the archive does not have ${file.name} as it was dropped (${record.files.archive})`);
  }
  const content = contentOf(body, file.name);
  if (content !== null && record.facts.file !== undefined) checkLines(world, { record, content }, violated);
}

function isReplaced({ asked }: RuleWorld, { name, generation }: AskedFile['file']): boolean {
  return [...asked.files.values()].some(
    ({ file }) => file.name === name && BigInt(file.generation) > BigInt(generation),
  );
}

function checkLines(
  world: RuleWorld,
  { record, content }: { record: RequestRecord; content: Buffer },
  violated: Violated,
) {
  const { id, counts, outcome } = record;
  // What was refused or cancelled before a call comes back whole, with its header and blank lines.
  const isWhole = outcome === 'rejected' || outcome === 'cancelled';
  const { assignImageIds, maxSetsPerProduct } = world.config;
  const checker = createFileChecker({ assignImageIds, maxSetsPerProduct });
  const verdicts = checker.push(content);
  const { verdicts: rest, totals } = checker.end();
  if (totals.lines !== counts.lines) violated(`${id} counts ${counts.lines} lines of ${totals.lines}`);
  const places = isWhole ? () => 'may' as const : placesOf(world, record, [...verdicts, ...rest]);
  const dropped = physicalLines(content);
  const retry = physicalLines(bytesOf(world, record.files.retryCsv) ?? Buffer.alloc(0));
  if (!isSelection(dropped, retry, places)) {
    const wanted = dropped.map((bytes, index) => `${places(index + 1)}: ${bytes}`).join('');
    violated(`${id}: retry.csv is not what it should be:\n${Buffer.concat(retry)}of\n${wanted}`);
  }
  if (!isWhole && retry.length !== (counts.failed ?? 0) + (counts.skipped ?? 0)) {
    violated(`${id} counts ${JSON.stringify(counts)}, but retry.csv has ${retry.length} lines`);
  }
}

/** Whether a dropped line must be in `retry.csv`. */
type Place = 'must' | 'must not' | 'may';

function placesOf(world: RuleWorld, record: RequestRecord, verdicts: readonly LineVerdict[]): (line: number) => Place {
  const { told, untold } = linesThatAreThere(world, record);
  const places = new Map<number, Place>();
  for (const verdict of verdicts) {
    if (verdict.kind === 'invalid') places.set(verdict.line, 'must');
    if (verdict.kind !== 'valid') continue;
    const isTold = told.has(verdict.normalised) && !isUncertain(record);
    // Where the outcome was not told to us, a line that is there may be in it: dropped again, it does no harm.
    const mayBeThere = told.has(verdict.normalised) || untold.has(verdict.normalised);
    places.set(verdict.line, isTold ? 'must not' : mayBeThere ? 'may' : 'must');
  }
  return (line) => places.get(line) ?? 'must not';
}

const UNTOLD = new Set(['start-unknown', 'operation-lost', 'operation-failed', 'outcome-unknown']);

/** The start or the end of an operation was not told to us, or not of single lines, or not as long as we asked for it. */
function isUncertain({ problems }: RequestRecord): boolean {
  return problems.some(({ code, message }) => UNTOLD.has(code) || message.includes('Given up after'));
}

const LARGE = 1_000;

/** Whether `chosen` can be made from `all` by leaving out lines as `places` allows. Equal lines are told apart by it. */
function isSelection(all: readonly Buffer[], chosen: readonly Buffer[], places: (line: number) => Place): boolean {
  let counts = new Set([0]);
  for (const [index, bytes] of all.entries()) {
    const place = places(index + 1);
    const next = new Set<number>();
    for (const count of counts) {
      const fits = place !== 'must not' && chosen[count]?.equals(bytes) === true;
      if (fits) next.add(count + 1);
      // The lines of a large file all differ: what fits is taken.
      if (place !== 'must' && !(fits && all.length > LARGE)) next.add(count);
    }
    counts = next;
  }
  return counts.has(chosen.length);
}

function physicalLines(content: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < content.length; ) {
    const end = content.indexOf(0x0a, at);
    const after = end < 0 ? content.length : end + 1;
    found.push(content.subarray(at, after));
    at = after;
  }
  return found;
}

const THERE: ReadonlySet<number> = new Set([STATUS_CODES.OK, STATUS_CODES.ALREADY_EXISTS]);

/**
 * The normalised lines of which the service said that their image is there, in any operation for this request or for a
 * merged import of it: `untold` in an operation whose name nobody ever learned.
 */
function linesThatAreThere(world: RuleWorld, record: RequestRecord): { told: Set<string>; untold: Set<string> } {
  const batches = batchesOf(world, record.id);
  const ids = new Set([record.id, ...batches.map(({ id }) => id)]);
  const known = new Set(
    [record, ...batches].flatMap(({ operations }) => operations.map(({ name }) => lastSegment(name))),
  );
  const [told, untold] = [new Set<string>(), new Set<string>()];
  for (const { id, requestId = '', lines: handedOver, statuses } of world.witness.operations.values()) {
    if (!ids.has(requestId)) continue;
    const batch = batches.find((one) => one.id === requestId);
    const [from, to] = batch === undefined ? [0, handedOver.length] : shareOf(record.id, batch);
    for (const [index, line] of handedOver.entries()) {
      // The same line of another file may fare otherwise.
      const code = index >= from && index < to ? statuses?.[index]?.code : undefined;
      if (code !== undefined && THERE.has(code)) (known.has(id) ? told : untold).add(line);
    }
  }
  return { told, untold };
}

/** From which of its lines on, and before which, those of that file are. */
function shareOf(requestId: string, { source }: RequestRecord): [number, number] {
  let from = 0;
  for (const member of source.from === 'merge' ? (source.members ?? []) : []) {
    if (member.requestId === requestId) return [from, from + member.lines];
    from += member.lines;
  }
  return [from, from];
}

function batchesOf({ asked, services, config }: RuleWorld, requestId: string): RequestRecord[] {
  const names = services.names(config.stateBucket, 'batches/closed/');
  const batches = names.map((name) => asked.closed(name.slice('batches/closed/'.length, -'.json'.length)));
  return batches
    .filter((batch) => batch !== null)
    .filter(({ source }) => {
      return source.from === 'merge' && source.members?.some((member) => member.requestId === requestId) === true;
    });
}

const lastSegment = (name: string) => name.slice(name.lastIndexOf('/') + 1);

function contentOf(body: Buffer, name: string): Buffer | null {
  if (!name.endsWith('.gz')) return body;
  try {
    return gunzipSync(body);
  } catch {
    return null;
  }
}

function bytesOf({ services }: RuleWorld, uri: string | undefined): Buffer | null {
  const [, bucket = '', name = ''] = /^gs:\/\/([^/]+)\/(.*)$/.exec(uri ?? '') ?? [];
  return bucket === '' ? null : services.bytes(bucket, name);
}
