/** Puts the bundled sample into the local buckets: its images, and its CSV into intake. */
import { sampleCsv, sampleImages } from './sample/makeSample';
import { IMAGES_BUCKET } from './services';
import { contentOf } from './storage/content';
import type { StorageModel } from './storage/model';

/** Drops the sample and gives a line that says so. */
export function makeSampleDrop(storage: StorageModel, intakeBucket: string): string {
  for (const { name, bytes } of sampleImages()) {
    storage.insertObject({ bucket: IMAGES_BUCKET, name }, contentOf(bytes), { contentType: 'image/png' });
  }
  const name = 'sample.csv';
  const csv = Buffer.from(sampleCsv(IMAGES_BUCKET));
  storage.insertObject({ bucket: intakeBucket, name }, contentOf(csv), { contentType: 'text/csv' });
  return `dropped    gs://${intakeBucket}/${name} (the bundled sample; --empty leaves it out)`;
}
