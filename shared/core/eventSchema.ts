/** The events as schemas, one a type: what subscribers may rely on, and what the tests hold every event against. Pure. */
import { z } from 'zod';
import { CLEANED, COUNTS } from './counts';
import { PROBLEMS_IN_EVENT } from './event';
import { LOCATIONS } from './names';
import type { RequestKind } from './request';

/** RFC 3339, in UTC. */
const Time = z.iso.datetime();
const RequestId = z.string().regex(/^(?:imp-[0-9a-f]{32}|cmd-[A-Za-z0-9_-]{1,65})$/);
const FileUri = z.string().regex(/^gs:\/\/[^/]+\/.+$/);
const Location = z.enum(LOCATIONS);

const Problem = z.strictObject({
  code: z.string().regex(/^[a-z]+(?:-[a-z]+)*$/),
  message: z.string().min(1).describe('What is wrong, where, and what would be right.'),
  line: z.int().min(1).optional().describe('Physical line of the dropped file.'),
  column: z.int().min(1).max(8).optional().describe('Column of the CSV.'),
  field: z.string().optional().describe('Path of the field in the command.'),
  severity: z.literal('warning').optional().describe('Absent: an error.'),
});

const Problems = z.array(Problem).max(PROBLEMS_IN_EVENT).describe('Errors before warnings; the report holds all.');

const Operation = z.strictObject({
  name: z.string().min(1).describe("Google's name of the long-running operation."),
  state: z.string().min(1),
  submitTime: Time.optional(),
  endTime: Time.optional(),
});

const Files = z
  .strictObject({
    report: FileUri.optional(),
    retryCsv: FileUri.optional().describe('The failed and skipped lines, byte for byte as they were dropped.'),
    linesCsv: FileUri.optional().describe('Every finding: file, line, column, code, message.'),
    snapshot: FileUri.optional().describe('What restoreSnapshot takes.'),
    plan: FileUri.optional(),
    archive: FileUri.optional().describe('The dropped file.'),
  })
  .describe('What the request left in the state bucket.');

const DELETE_REQUESTS = ['deleteReferenceImage', 'deleteProduct', 'deleteProducts', 'deleteProductSet'] as const;
const PURGE_REQUESTS = ['purgeProductsInProductSet', 'purgeOrphanProducts'] as const;

/** Which requests end with an event of a kind. */
const KINDS = {
  import: ['importProductSets'],
  delete: DELETE_REQUESTS,
  purge: PURGE_REQUESTS,
  restore: ['restoreSnapshot'],
  sweep: ['sweepImageFiles'],
  derived: ['deleteDerivedResources'],
  cancel: ['cancelRequest'],
} as const satisfies Record<RequestKind, readonly [string, ...string[]]>;

const REQUESTS = Object.values(KINDS).flat();
const Request = z.enum(REQUESTS);

/** Every count is there, at 0 where there is nothing to count. */
function countsOf(kind: RequestKind) {
  const count = z.int().min(0);
  const always = COUNTS[kind].map((name) => [name, count]);
  const cleaned = count.optional().describe('Where the command has derived.');
  const also = kind === 'sweep' ? CLEANED.map((name) => [name, cleaned]) : [];
  return z.strictObject(Object.fromEntries([...always, ...also]));
}

function completed(kind: RequestKind) {
  return z.strictObject({
    requestId: RequestId,
    request: z.enum(KINDS[kind]),
    location: Location,
    reason: z.string().optional(),
    outcome: z.enum(['succeeded', 'partial', 'failed', 'rejected', 'cancelled', 'dryRun']),
    counts: countsOf(kind),
    operation: Operation.optional().describe('The last of the operations.'),
    operations: z.array(Operation),
    planId: z
      .string()
      .optional()
      .describe('Of a dry run: names what it found, for the command that carries it out, whose event has it, too.'),
    estimate: z
      .strictObject({ calls: z.int().min(0), minutes: z.number().min(0) })
      .optional()
      .describe('Of a dry run: management calls that would follow, and how long they take at the pace of the quota.'),
    files: Files,
    problems: Problems,
    startedAt: Time,
    endedAt: Time,
  });
}

const COMPLETED = Object.fromEntries(
  (Object.keys(KINDS) as RequestKind[]).map((kind) => [
    `product-search.${kind}.completed.v1`,
    completed(kind).describe(`How a request ended (${KINDS[kind].join(', ')}). Exactly one a request.`),
  ]),
);

/** The data of each event by its CloudEvents type. */
export const EVENT_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  ...COMPLETED,
  'product-search.request.waiting.v1': z
    .strictObject({
      requestId: RequestId,
      request: Request,
      location: Location,
      waitingFor: z.string().min(1).describe('claim, quota, purge, time, …'),
      detail: z.string().min(1).describe('One sentence for people.'),
      blockedBy: z.array(z.string()).optional().describe('The requests in the way.'),
      since: Time.optional(),
      startsAt: Time.optional().describe('When it would start if nothing changed.'),
      nextLookAt: Time.optional(),
    })
    .describe('A request cannot go on now, and what it waits for.'),
  'product-search.operation.stalled.v1': z
    .strictObject({ requestId: RequestId, request: Request, location: Location, operation: Operation.nullable() })
    .describe('An operation has been running for a day.'),
  'product-search.index.updated.v1': z
    .strictObject({
      requestId: RequestId,
      request: Request,
      location: Location,
      changedAt: Time,
      productSets: z.array(z.strictObject({ productSetId: z.string().min(1), indexTime: Time })),
      problems: Problems,
    })
    .describe('The indexes of the changed product sets are newer than the change: now it shows in searches.'),
  'product-search.message.rejected.v1': z
    .strictObject({ messageId: z.string().min(1), problems: Problems.min(1) })
    .describe('A message is no command: which field, and why. Nothing was done.'),
};

/**
 * The JSON Schema of an event's data. Subscribers ignore fields that they do not know: within a version, fields may be
 * added, and none is taken away or given another meaning.
 */
export function jsonSchemaOf(type: string): object {
  const schema = EVENT_SCHEMAS[type];
  if (schema === undefined) throw new RangeError(`${type} is no event of this system`);
  const json = z.toJSONSchema(schema, { target: 'draft-2020-12' });
  return open({ ...json, $id: `urn:product-search-cleanup:${type}`, title: type }) as object;
}

/** Without `additionalProperties: false`, in which a field that is new would be an error. */
function open(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(open);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key, part]) => key !== 'additionalProperties' || part !== false);
  return Object.fromEntries(entries.map(([key, part]) => [key, open(part)]));
}
