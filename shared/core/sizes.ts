/**
 * How much goes into one file of the staging folder, one import and one stretch of work between two checkpoints. Part of
 * the configuration and set by no variable: the simulator gives less of each, so that a handful of products meets every
 * boundary that a shop meets with a hundred thousand.
 */
export interface Sizes {
  /** Lines of one import. */
  importLines: number;
  /** Lines with a finding in one file of verdicts. */
  verdicts: number;
  /** Products of one survey file and of one part of a snapshot. */
  surveyedProducts: number;
  /** Products between two looks at the clock and at the wish to cancel, while they are deleted. */
  deletedProducts: number;
  /** Entries that are held in memory for one sorted run: a few megabytes. */
  runEntries: number;
  /** Sorted runs of one level that become one of the next. */
  runsMerged: number;
  /** Ids in one file of a list that was read; a multiple of those that are looked up one after the other (`idsInTurn`). */
  listedIds: number;
  /** Named products that are looked up one after the other: all lists together, within a minute where calls are scarce. */
  idsInTurn: number;
  /** Image files in one list of candidates. */
  candidates: number;
  /** Products, or product sets, that a restore compares at a time. */
  comparedProducts: number;
  /** What a restore makes between two checkpoints: a few seconds of the minute's quota. */
  restoreActions: number;
}

/** `importLines`: the service takes no more lines in one import (csv-format). */
export const SIZES: Sizes = {
  importLines: 20_000,
  verdicts: 10_000,
  surveyedProducts: 1_000,
  deletedProducts: 100,
  runEntries: 10_000,
  runsMerged: 16,
  listedIds: 1_000,
  idsInTurn: 5,
  candidates: 1_000,
  comparedProducts: 200,
  restoreActions: 200,
};
