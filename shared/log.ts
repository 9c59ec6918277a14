/** Structured logging as Cloud Logging reads it: one JSON object a line on standard output. */
import type { Log, LogFields, Severity } from './ports';

/** The names of the language's own errors: nobody throws these on purpose. */
const BUGS: ReadonlySet<string> = new Set([
  'Error',
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'EvalError',
]);

/**
 * An error as fields: the stack only where it is a bug's, so that expected faults stay one readable line. Error Reporting
 * groups by `stack_trace` (https://cloud.google.com/error-reporting/docs/formatting-error-messages).
 */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: String(error) };
  return { error: error.message, ...(BUGS.has(error.name) ? { stack_trace: error.stack } : {}) };
}

/** Has Error Reporting take a line without a stack, too; it groups those by their message, which is static. */
const REPORTED_ERROR = {
  '@type': 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent',
};

/** A log that writes each line with `write`; `fields` stand on every line. */
export function createLog(write: (line: string) => void, fields: LogFields = {}): Log {
  return {
    write(severity: Severity, message: string, more: LogFields = {}) {
      const reported = severity === 'ERROR' && more.stack_trace === undefined ? REPORTED_ERROR : {};
      write(JSON.stringify({ severity, message, time: new Date().toISOString(), ...fields, ...more, ...reported }));
    },
    with(more: LogFields) {
      return createLog(write, { ...fields, ...more });
    },
  };
}

/** A log that keeps nothing. */
export const SILENT_LOG: Log = { write: () => undefined, with: () => SILENT_LOG };
