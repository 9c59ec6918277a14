/** The report for programs: one JSON object a line, each as soon as it is known. */
import type { LintReport } from './lintReport';

export function createJsonReport(): LintReport {
  return {
    problems: (file, problems) =>
      problems
        .map(({ line, column, severity = 'error', code, message }) =>
          row({ type: 'problem', file, line, column, severity, code, message }),
        )
        .join(''),
    end: (summary) => row({ type: 'file', ...summary }),
    unreadable: (file, message) => row({ type: 'unreadable', file, message }),
  };
}

function row(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
