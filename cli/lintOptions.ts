/** The command line of `lint`, read. */
import { MAX_SETS_PER_PRODUCT } from '../shared/core/csv/imageRegister';
import { readArguments, wholeNumber } from './options';

const MAX_PROBLEMS = 100;
/** The functions' own default. */
const MAX_GZ_BYTES = 1024 ** 3;

export const LINT_HELP = `Usage: product-search-cleanup lint [OPTION…] [FILE…]

Checks CSV files exactly as the import does, without a network. FILE ends in .csv, or in .csv.gz and is then
unpacked; without a FILE, or for -, standard input is read (packed or not).

  --json                       one JSON object a line, for programs (below)
  --max-problems N             show at most N problems of a file, errors first (default ${MAX_PROBLEMS}; text only)
  --max-sets-per-product N     warn of a product in more product sets (default ${MAX_SETS_PER_PRODUCT}; MAX_SETS_PER_PRODUCT)
  --max-gz-bytes N             what a .gz may unpack to (default 1 GiB; MAX_GZ_BYTES)
  --no-assign-image-ids        leave blank image ids blank (ASSIGN_IMAGE_IDS=false)
  --no-color                   no colours; so does NO_COLOR in the environment
  --help

A problem is shown as FILE:LINE:COLUMN: severity code: message. Lines are physical lines from 1, columns the columns
of the CSV, 1 to 8. A line with an error is left out of an import; one with warnings only is imported.

With --json, each problem is an object
  {"type":"problem","file":…,"line":…,"column":…,"severity":"error"|"warning","code":…,"message":…}
(no line and column where it is about the whole file), and after those of a file comes
  {"type":"file","file":…,"ok":…,"lines":…,"valid":…,"invalid":…,"ignored":…,"errors":…,"warnings":…,
   "products":…,"productSets":…,"images":…}
or {"type":"unreadable","file":…,"message":…}. "ok" is true where no line has an error and the file is not refused.

Exit status: 0 all files are in order (there may be warnings) · 1 a line has an error, or a file is refused as a
whole · 2 the command line is wrong, or a file cannot be read.
`;

export interface LintOptions {
  files: string[];
  isHelp: boolean;
  isJson: boolean;
  isPlain: boolean;
  maxProblems: number;
  maxSetsPerProduct: number;
  maxGzBytes: number;
  assignImageIds: boolean;
}

/** Reads the arguments; throws `UsageError`. */
export function readLintOptions(args: string[]): LintOptions {
  const { values, positionals } = readArguments('lint', args, OPTIONS);
  return {
    files: positionals.length === 0 ? ['-'] : positionals,
    isHelp: values.help,
    isJson: values.json,
    isPlain: values['no-color'],
    maxProblems: wholeNumber('--max-problems', values['max-problems'], 0),
    maxSetsPerProduct: wholeNumber('--max-sets-per-product', values['max-sets-per-product'], 1),
    maxGzBytes: wholeNumber('--max-gz-bytes', values['max-gz-bytes'], 1),
    assignImageIds: !values['no-assign-image-ids'],
  };
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h', default: false },
  json: { type: 'boolean', default: false },
  'max-problems': { type: 'string', default: `${MAX_PROBLEMS}` },
  'max-sets-per-product': { type: 'string', default: `${MAX_SETS_PER_PRODUCT}` },
  'max-gz-bytes': { type: 'string', default: `${MAX_GZ_BYTES}` },
  'no-assign-image-ids': { type: 'boolean', default: false },
  'no-color': { type: 'boolean', default: false },
} as const;
