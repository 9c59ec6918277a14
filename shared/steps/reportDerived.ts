/** Writes `report.json` of a deletion of derived images, a resource a line, whatever their number. Safe to repeat. */
import { eachPage } from './derivedPages';
import { writeReportFile } from './reportFile';
import { commandInput, DONE, type Step, type StepContext } from './step';

export const reportDerived: Step = async (context) => {
  const { record } = context;
  record.outcome ??= record.dryRun ? 'dryRun' : 'succeeded';
  record.files.report = await writeReportFile(context, 'report.json', 'application/json', content(context));
  return DONE;
};

async function* content(context: StepContext): AsyncGenerator<Buffer> {
  const { record } = context;
  const head = {
    requestId: record.id,
    request: record.request,
    location: record.location,
    reason: record.reason,
    dryRun: record.dryRun,
    command: commandInput(record),
    outcome: record.outcome,
    counts: record.counts,
    problems: record.problems,
    ...(record.dryRun ? { wouldGo: record.facts.derived?.estimate } : {}),
  };
  yield Buffer.from(`${JSON.stringify(head, null, 1).slice(0, -2)},\n "resources": [`);
  let before = '';
  for await (const resources of eachPage(context)) {
    const lines = resources.map((resource) => `\n  ${JSON.stringify(resource)}`);
    if (lines.length === 0) continue;
    yield Buffer.from(`${before}${lines.join(',')}`);
    before = ',';
  }
  yield Buffer.from('\n ]\n}\n');
}
