/** Writing one of a request's report files from what makes its content. */
import { formatGsUri } from '../core/names';
import { ownFile, type StepContext } from './step';
import { writeInPieces } from './writeInPieces';

/** Writes the file over and gives its URI. */
export async function writeReportFile(
  context: StepContext,
  name: string,
  contentType: string,
  body: AsyncIterable<Buffer>,
): Promise<string> {
  const object = ownFile(context, 'reports', name);
  await writeInPieces(context, object, contentType, body);
  return formatGsUri(object);
}
