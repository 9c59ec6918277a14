/**
 * Gives each member of a merged import the statuses of its own lines and wakes it. Safe to repeat: the same result is
 * written over, and a second waking is harmless.
 */
import { publishContinuation } from '../ledger/continuation';
import { membersOf } from './joinMembers';
import { type PartResult, readStaged, resultFile } from './stagedImport';
import { DONE, type Step, type StepContext } from './step';

export const shareResults: Step = async (context) => {
  const { record, ports, config } = context;
  // What the members are told is the end: whoever goes on with this import starts it no more.
  await context.checkpoint();
  const members = await membersOf(context);
  const whole = (await readStaged<PartResult>(context, resultFile(context, 0))) ?? withoutResult(context);
  const operation = record.operations.at(-1);
  let from = 0;
  for (const { requestId, part, lines } of members) {
    const result: PartResult = {
      ...whole,
      ...(whole.statuses === undefined ? {} : { statuses: whole.statuses.slice(from, from + lines) }),
      ...(operation === undefined ? {} : { operation }),
    };
    const object = resultFile({ ...context, record: { ...record, id: requestId } }, part);
    await ports.objects.write(object, JSON.stringify(result), { contentType: 'application/json' });
    await publishContinuation(ports, config, requestId);
    from += lines;
  }
  return DONE;
};

/** The import was never started: what ended the merged request is the reason for every line. */
function withoutResult({ record }: StepContext): PartResult {
  const [problem] = record.problems;
  const { code, message } = problem ?? { code: 'not-started', message: 'The import was never started' };
  return { error: { code, message } };
}
