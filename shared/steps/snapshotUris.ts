/** Marks what a snapshot names: the image files of all reference images that it holds. */
import { parseGsUri } from '../core/names';
import type { SweepMarks, Use } from '../core/sweepMarks';
import type { ObjectPage, StoredObject } from '../ports';
import { splitLines } from './readText';
import type { StepContext } from './step';
import type { SweepState } from './sweepFiles';

/** Whether the object is a part of a snapshot that holds products. */
export function isSnapshotPart({ name }: StoredObject): boolean {
  return name.endsWith('.jsonl');
}

/** Marks what one part names. A part that is gone by now names nothing any more; one that cannot be read is a fault. */
export async function markSnapshotPart(
  { ports }: StepContext,
  marks: SweepMarks,
  part: StoredObject,
  use: Use,
): Promise<void> {
  const content = await ports.objects.openRead(part, part.generation);
  if (content === null) return;
  const user = `snapshot ${part.name.split('/').at(-2)}`;
  for await (const line of splitLines(content)) {
    if (line === '') continue;
    for (const uri of urisOf(line, part)) marks.mark(uri, use, user);
  }
}

function urisOf(line: string, part: StoredObject): string[] {
  const { referenceImages } = JSON.parse(line) as { referenceImages?: { uri?: unknown }[] };
  if (!Array.isArray(referenceImages)) throw new Error(`gs://${part.bucket}/${part.name} holds a line without images`);
  return referenceImages.flatMap(({ uri }) => (typeof uri === 'string' ? uri : []));
}

/** Marks what all parts of the snapshot name, which a restore is bringing back. `uri` is that of its `snapshot.json`. */
export async function markSnapshotOf(context: StepContext, { marks }: SweepState, uri: string): Promise<boolean> {
  const index = parseGsUri(uri);
  // A restore reads snapshots of the state bucket only.
  if (index === null || index.bucket !== context.config.stateBucket) return true;
  const prefix = index.name.slice(0, index.name.lastIndexOf('/') + 1);
  let pageToken: string | undefined;
  do {
    const page: ObjectPage = await context.ports.objects.list({ bucket: index.bucket, prefix, pageToken });
    for (const part of page.objects.filter(isSnapshotPart)) {
      await markSnapshotPart(context, marks, part, 'import');
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return true;
}
