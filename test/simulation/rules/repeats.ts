/** A line that failed for a passing reason is imported once more, unless its request was cut short. */
import { STATUS_CODES } from '../../../shared/core/errors';
import type { RequestRecord } from '../../../shared/core/request';
import { lastSegment } from './catalogue';
import type { Rule } from './rule';

const PASSING: ReadonlySet<number> = new Set([
  STATUS_CODES.DEADLINE_EXCEEDED,
  STATUS_CODES.RESOURCE_EXHAUSTED,
  STATUS_CODES.ABORTED,
  STATUS_CODES.INTERNAL,
  STATUS_CODES.UNAVAILABLE,
]);

export const repeats: Rule = ({ asked, config, witness }, violated) => {
  /** Of each line that was handed over for the request: how often, and the passing fault that was told of it. */
  function triesOf({ id, operations }: RequestRecord): Map<string, { tries: number; fault?: number }> {
    const ended = operations.filter(({ state }) => state === 'SUCCESSFUL' || state === 'FAILED');
    const told = new Set(ended.map(({ name }) => lastSegment(name)));
    const lines = new Map<string, { tries: number; fault?: number }>();
    for (const operation of witness.operations.values()) {
      if (operation.requestId !== id) continue;
      for (const [index, line] of operation.lines.entries()) {
        const { tries, fault } = lines.get(line) ?? { tries: 0 };
        const code = told.has(operation.id) ? operation.statuses?.[index]?.code : undefined;
        lines.set(line, { tries: tries + 1, fault: code !== undefined && PASSING.has(code) ? code : fault });
      }
    }
    return lines;
  }

  return {
    atEnd() {
      for (const requestId of asked.files.keys()) {
        const record = asked.closed(requestId);
        // A problem that is none of a line is why the rest was left.
        if (record === null || record.problems.some(({ line }) => line === undefined)) continue;
        const failed = [...triesOf(record)].filter(([, { fault }]) => fault !== undefined);
        const once = failed.filter(([, { tries }]) => tries === 1);
        const left = Math.max(0, failed.length - config.sizes.importLines);
        if (once.length <= left) continue;
        violated(`${requestId} leaves it at one try of a line that failed with ${once[0]?.[1].fault}: ${once[0]?.[0]}`);
      }
    },
  };
};
