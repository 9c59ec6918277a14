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
];
