/** The options of a script: whole numbers, or one sentence that says what cannot be used, and exit status 2. */
import { parseArgs } from 'node:util';

/**
 * The values by name. An option is described as for `parseArgs`, or by `least`: then it is a whole number from there on.
 * Ends the process where an option is unknown or no such number.
 */
export function readOptions(described, args = process.argv.slice(2)) {
  const options = Object.entries(described).map(([name, { type = 'string', default: usual }]) => {
    return [name, usual === undefined ? { type } : { type, default: usual }];
  });
  try {
    const { values } = parseArgs({ args, options: Object.fromEntries(options) });
    const read = Object.entries(values).map(([name, value]) => {
      const { least } = described[name];
      return [name, least === undefined ? value : wholeNumber(name, value, least)];
    });
    return Object.fromEntries(read);
  } catch (error) {
    return unusable(error.message);
  }
}

/** Says why the script cannot begin, and ends it. */
export function unusable(sentence) {
  console.error(sentence);
  return process.exit(2);
}

function wholeNumber(name, text, least) {
  if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text)) && Number(text) >= least) return Number(text);
  throw new Error(`--${name} must be a whole number from ${least} on, not ${JSON.stringify(text)}`);
}
