/**
 * Imports what lines can carry, where that is worth slots of the day; the calls of the next step do the rest, and all of
 * it where there is no import. So an import that cannot be started, or whose outcome is unknown, is no failure here.
 * Goes on from its cursor: while lines are gathered the unit and line that come next, then that of `runImport`.
 */
import { faultClassOf } from '../core/errors';
import { note } from '../core/request';
import { isWorthImporting } from '../core/restoreLine';
import { createSlots } from '../ledger/slots';
import { readUnit } from './restoreFiles';
import { runImport } from './runImport';
import { stagedPart } from './stagedImport';
import type { ImportCursor } from './startImport';
import { DONE, type Step, type StepContext, type StepResult, timeText } from './step';

/** Code 8 may be the quota of the minute, which passes while these are tried, or that of the day. */
const MOST_STARTS = 5;

const FIRST_PART: ImportCursor = { part: 0 };

interface GatherCursor {
  unit: number;
  /** Lines of this unit that lie in a part already. */
  taken: number;
  /** Lines of each part. */
  parts: number[];
}

export const importSnapshot: Step = async (context, saved) => {
  const { record, ports, config } = context;
  let importCursor = saved;
  if (record.facts.file === undefined) {
    const cursor = saved as GatherCursor | undefined;
    const lines = record.facts.restore?.lines ?? 0;
    if (cursor === undefined) {
      const slots = await createSlots(ports, config).view();
      if (!isWorthImporting(lines, config.restoreImportLines, slots)) return DONE;
    }
    const more = await gatherParts(context, cursor ?? { unit: 0, taken: 0, parts: [] });
    if (more !== null) return more;
    importCursor = FIRST_PART;
  }
  try {
    const result = await runImport(context, importCursor);
    if (result.kind === 'end') return withoutImport(context, result.problems[0]?.message ?? 'the import was refused');
    // A restore never waits for a slot: calls take longer, but nobody has to wait for its claim meanwhile.
    if (result.kind === 'wait' && result.waiting.for === 'quota') return withoutImport(context, result.waiting.detail);
    return result;
  } catch (error) {
    const facts = record.facts.restore;
    if (faultClassOf(error) !== 'exhausted' || record.intent !== undefined || facts === undefined) throw error;
    facts.startsRefused = (facts.startsRefused ?? 0) + 1;
    if (facts.startsRefused < MOST_STARTS) throw error;
    return withoutImport(context, error instanceof Error ? error.message : String(error));
  }
};

function withoutImport(context: StepContext, why: string): StepResult {
  if (context.record.intent !== undefined) context.record.facts.startLost = true;
  context.record.intent = undefined;
  note(context.record, timeText(context), `what is left is made by calls: ${why}`);
  context.ports.log.write('INFO', 'restore goes on without import', { why });
  return DONE;
}

/** Writes the lines of all units as parts, each as full as it may be. Null when the parts are there. */
async function gatherParts(context: StepContext, start: GatherCursor): Promise<StepResult | null> {
  const { record, ports, config } = context;
  const { importLines } = config.sizes;
  const units = record.facts.restore?.units ?? 0;
  let { unit, taken } = start;
  const parts = [...start.parts];
  while (unit < units) {
    const lines: string[] = [];
    while (unit < units && lines.length < importLines) {
      const all = await linesOf(context, unit);
      const some = all.slice(taken, taken + importLines - lines.length);
      lines.push(...some);
      taken += some.length;
      if (taken < all.length) break;
      unit += 1;
      taken = 0;
    }
    if (lines.length === 0) break;
    const body = Buffer.from(`${lines.join('\n')}\n`);
    await ports.objects.write(stagedPart(context, parts.length), body, { contentType: 'text/csv' });
    parts.push(lines.length);
    if (context.outOfTime()) return { kind: 'more', cursor: { unit, taken, parts: [...parts] } satisfies GatherCursor };
  }
  const lines = parts.reduce((sum, count) => sum + count, 0);
  record.facts.file = {
    lines,
    valid: lines,
    skipped: 0,
    productSetIds: [],
    parts,
    verdictFiles: 0,
    everyLineHasImageId: true,
    nextPart: 0,
  };
  await context.checkpoint(FIRST_PART);
  return null;
}

async function linesOf(context: StepContext, unit: number): Promise<string[]> {
  const { actions } = await readUnit(context, unit);
  return actions.flatMap((action) => (action.make === 'image' && action.line !== undefined ? action.line : []));
}
