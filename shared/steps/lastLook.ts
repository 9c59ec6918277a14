/**
 * Compares what was listed again with what was surveyed: nothing is purged that was not surveyed and snapshotted. What
 * came in meanwhile is surveyed in a round of its own; with a plan it refuses. Reads only.
 */
import { counted, NONE, shownTally, type Tally } from '../core/belts';
import type { Problem } from '../core/problem';
import { isFresh, LOOK_AGAIN } from './freshness';
import { joinByKey } from './joinByKey';
import { RELISTED_MEMBER_RUNS } from './relistMemberships';
import { RELISTED_RUNS } from './relistTargets';
import { mergeRuns, NO_RUNS } from './sortedRuns';
import { commandInput, DONE, end, type Step, type StepContext, type StepResult, timeText } from './step';
import { type SurveyedProduct, surveyedEntries } from './surveyFiles';

/** A set that another program keeps filling is not chased for ever. */
const MOST_ROUNDS = 3;

export const lastLook: Step = async (context) => {
  const { record } = context;
  if (record.facts.survey?.products === 0) return DONE;
  const { listedAt, listedBy } = record.facts.relisted ?? {};
  if (!isFresh(context, listedAt, listedBy)) return LOOK_AGAIN;
  const { added, returned, left } = await compare(context);
  const result = added.count > 0 ? onAdded(context, added) : returned.count > 0 ? onReturned(context, returned) : null;
  if (result !== null) return result;
  record.facts.relisted = { runs: NO_RUNS, ...record.facts.relisted, seen: { at: timeText(context), left } };
  return DONE;
};

interface Difference {
  /** Listed, and not surveyed. */
  added: Tally;
  /** Taken out of the set because another set has it, too, and in it again. */
  returned: Tally;
  /** How many of the surveyed products that go are still there. */
  left: number;
}

async function compare(context: StepContext): Promise<Difference> {
  const { runs = NO_RUNS, memberRuns = NO_RUNS } = context.record.facts.relisted ?? {};
  const difference: Difference = { added: NONE, returned: NONE, left: 0 };
  const joined = joinByKey(
    mergeRuns(context, RELISTED_RUNS, runs),
    mergeRuns(context, RELISTED_MEMBER_RUNS, memberRuns),
    surveyedEntries(context),
  );
  for await (const { key, second, known } of joined) {
    if (second.length > 0) continue;
    const surveyed = known?.value as SurveyedProduct | undefined;
    if (surveyed === undefined) difference.added = counted(difference.added, key);
    else if (surveyed.stays === true) difference.returned = counted(difference.returned, key);
    else difference.left += 1;
  }
  return difference;
}

function onAdded({ record }: StepContext, added: Tally): StepResult {
  const refused = drifted(`${added.count} products came in from elsewhere after the survey: ${shownTally(added)}`);
  if (record.intent !== undefined) return end('failed', refused);
  const nothingChanged = (record.facts.takenOut ?? 0) === 0;
  if (commandInput(record).planId !== undefined) return end(nothingChanged ? 'rejected' : 'failed', refused);
  if ((record.facts.survey?.rounds.length ?? 0) >= MOST_ROUNDS) return end('failed', refused);
  return { kind: 'again', from: 'listTargets' };
}

function onReturned({ record }: StepContext, returned: Tally): StepResult {
  const again = (record.facts.returned ?? 0) + 1;
  record.facts.returned = again;
  if (again < MOST_ROUNDS && record.intent === undefined) return { kind: 'again', from: 'takeOutShared' };
  const what = `${returned.count} products that other sets share were put back into the set: ${shownTally(returned)}`;
  return end('failed', drifted(what));
}

function drifted(what: string): Problem {
  return { code: 'plan-drifted', message: `${what}; nothing more was purged` };
}
