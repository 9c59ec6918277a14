/** What a lint says, however it is written down. */
import type { Problem } from '../shared/core/problem';

export interface FileSummary {
  file: string;
  /** No line has an error, and the file is not refused as a whole. */
  ok: boolean;
  lines: number;
  valid: number;
  invalid: number;
  ignored: number;
  errors: number;
  warnings: number;
  products: number;
  productSets: number;
  images: number;
}

/** One report a run, for one file after the other. Each call gives the text that is to be written now. */
export interface LintReport {
  problems(file: string, problems: readonly Problem[]): string;
  end(summary: FileSummary): string;
  unreadable(file: string, message: string): string;
}
