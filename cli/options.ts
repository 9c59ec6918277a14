/** Reading a command line by `node:util`, with faults in one sentence. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './terminal';

export type OptionTable = NonNullable<ParseArgsConfig['options']>;

/** Throws `UsageError` with the first fault. */
export function readArguments<Options extends OptionTable>(command: string, args: string[], options: Options) {
  try {
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    // Node says more than one sentence; the first is the fault.
    const [fault = ''] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/);
    throw new UsageError(`${fault}; try product-search-cleanup ${command} --help`, { cause: error });
  }
}

export function wholeNumber(option: string, text: string, least: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new UsageError(`${option} takes a whole number from ${least}, not ${JSON.stringify(text)}`);
}
