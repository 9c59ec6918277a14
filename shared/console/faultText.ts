/** What a reader is told of a fault: a service's own words; of a bug only that there is one. */
import { ServiceError } from '../core/errors';
import { errorFields } from '../log';
import type { Log } from '../ports';

/** Logs the fault with all that is known of it and gives the sentence for the page. */
export function faultText(error: unknown, log: Log, part: string): string {
  log.write('WARNING', 'console could not read', { part, ...errorFields(error) });
  return error instanceof ServiceError ? error.message : 'This could not be read; the log of the console says why';
}
