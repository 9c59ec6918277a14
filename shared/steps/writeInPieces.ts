/** Writing a file from what makes its content, whatever its size. */
import { Readable } from 'node:stream';
import type { ObjectName } from '../ports';
import type { StepContext } from './step';

/** Most files are small: written in one piece, since what streams while it is made cannot be sent twice. */
const SMALL_BYTES = 4 * 1024 * 1024;

/** Writes the object over. */
export async function writeInPieces(
  { ports }: Pick<StepContext, 'ports'>,
  object: ObjectName,
  contentType: string,
  body: AsyncIterable<Buffer>,
): Promise<void> {
  await ports.objects.write(object, await wholeIfSmall(body), { contentType });
}

async function wholeIfSmall(body: AsyncIterable<Buffer>): Promise<Buffer | Readable> {
  const source = body[Symbol.asyncIterator]();
  const begun: Buffer[] = [];
  let bytes = 0;
  for (let next = await source.next(); next.done !== true; next = await source.next()) {
    begun.push(next.value);
    bytes += next.value.length;
    if (bytes > SMALL_BYTES) return Readable.from(continued(begun, source), { objectMode: false });
  }
  return Buffer.concat(begun);
}

async function* continued(begun: Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield* begun;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
