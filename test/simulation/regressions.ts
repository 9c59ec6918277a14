/**
 * Histories that once broke a rule. A history belongs to its seed only as long as the simulator draws the same numbers,
 * so each bug has a test of its own, too, where that is named; the seeds are kept because they are cheap.
 */
export const REGRESSIONS: readonly { seed: number; bug: string }[] = [
  {
    seed: 98,
    bug: 'Lines that failed again after they had been imported once more came last, and retry.csv lacked them (importFaults.test.ts)',
  },
  {
    seed: 23,
    bug: 'A request that was closed by another than its owner kept neither the files nor the problems it had announced (takeOver.test.ts)',
  },
  {
    seed: 477,
    bug: 'One of several calls at once failed, and the others were still on their way when the lease was given back (atOnce.test.ts)',
  },
  {
    seed: 681,
    bug: 'A refused file was archived, its invocation died, and the repeated step did not say where the file is (takeOver.test.ts)',
  },
  {
    seed: 1473,
    bug: 'The retry.csv of a cancelled import held its header and blank lines, which are no image lines (cancel.test.ts)',
  },
  {
    seed: 395,
    bug: 'A file that held its claim joined a merged import, which waited for a purge that waited for that claim, for ever (merge.test.ts)',
  },
  {
    seed: 1926,
    bug: 'An import that the service had forgotten gave its claim back at once, and a purge started beside it (importFaults.test.ts)',
  },
  {
    seed: 694,
    bug: 'A file that a sweep had removed was told as kept, since an import named it when the lost answer was asked for again (sweepFaults.test.ts)',
  },
  {
    seed: 450,
    bug: 'Of a deletion at Cloudinary without an answer nothing was said where the next write lost its answer, too (derived.test.ts)',
  },
  {
    seed: 1660,
    bug: 'Nor where the request was cancelled before the deletion went again (derived.test.ts)',
  },
  {
    seed: 5888,
    bug: 'A command with the id of a request that ended at this moment was acknowledged without a word (accept.test.ts)',
  },
  {
    seed: 1231,
    bug: 'An import was told as failed because its operation could not be asked for, while it ran (importFaults.test.ts)',
  },
  {
    seed: 903,
    bug: 'With few calls a minute, the products of a survey file were read for ever, since no invocation came to its end (slowQuota.test.ts)',
  },
  {
    seed: 6058,
    bug: 'A merged import gave up before it knew all of its files, and those that had joined waited for it for ever (mergeWaits.test.ts)',
  },
  {
    seed: 580,
    bug: 'A file gave up waiting for its merged import, which imported it all the same (mergeWaits.test.ts)',
  },
  {
    seed: 442,
    bug: 'An import whose operation could not be polled was never woken, and had no end (importFaults.test.ts)',
  },
  {
    seed: 1764,
    bug: 'A sweep began its look through intake anew in every invocation, for ever (slowQuota.test.ts)',
  },
  {
    seed: 3373,
    bug: 'A purge whose start had no answer gave its claim back when it was refused, and an import started beside it (purgeFaults.test.ts)',
  },
  {
    seed: 330,
    bug: 'A purge that had stood still went by an old listing, and took without a snapshot what had come in since (purgeFaults.test.ts)',
  },
  {
    seed: 673,
    bug: 'An invocation died while a purge removed image files: whether products were back was looked at anew, and what had gone was not told (decidedBefore.test.ts).',
  },
  {
    seed: 585,
    bug: 'A merged import that was given up told its files so, died, and was started after all (decidedBefore.test.ts).',
  },
  {
    seed: 1533,
    bug: 'Files whose cancel had been refused were called into a merged import for ever, and never joined it (mergeWaits.test.ts).',
  },
  {
    seed: 18,
    bug: 'A page at Cloudinary was counted twice where the list behind it could not be read (deleteDerived.test.ts).',
  },
  {
    seed: 7882,
    bug: 'A sweep that met a second fault forgot which removals it had begun before the first (sweepFaults.test.ts).',
  },
  {
    seed: 154,
    bug: 'A survey that met a fault went on from where it had come to, not from what it had written, and left products out (surveyFaults.test.ts).',
  },
  {
    seed: 103,
    bug: 'Lines were counted as imported once more before their part was written, and lost where that failed (importFaults.test.ts).',
  },
  {
    seed: 2752,
    bug: 'A purge took a listing for its own whose last page another invocation had asked for nine minutes before (freshness.test.ts).',
  },
];
