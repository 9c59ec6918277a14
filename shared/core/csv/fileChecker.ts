/** Checks a dropped file as it comes, chunk by chunk: every physical line gets exactly one verdict. Pure, and never throws. */
import { type Problem, shownValue } from '../problem';
import { createCommonLine } from './commonLine';
import { createImageChecker } from './imageLine';
import { createImageRegister, MAX_IMAGES_PER_SET, type RegisterOptions, type RegisterTotals } from './imageRegister';
import { createLineChecker } from './lineChecker';
import { type LineVerdict, plainLine } from './lineVerdict';
import { createLineSplitter } from './physicalLines';
import { commonText } from './readLine';

export interface CheckOptions extends RegisterOptions {
  /** Whether a line without an image-id gets one of ours. Default true. */
  assignImageIds?: boolean;
  /** Leaves out the verdicts on valid lines about which there is nothing to say; they are counted. Default false. */
  onlyFindings?: boolean;
  /** The size of the file, where it is known: then room for its lines is made once instead of again and again. */
  expectedBytes?: number;
}

export interface FileTotals extends RegisterTotals {
  /** valid + invalid; header and blank lines are not counted. A line that is `partOf` another counts as one of its own. */
  lines: number;
  valid: number;
  invalid: number;
  ignored: number;
}

export interface FileChecker {
  /** Checks the lines that this chunk completes. The chunk's memory can be used again afterwards. */
  push(chunk: Uint8Array): LineVerdict[];
  end(): FileVerdict;
}

export interface FileVerdict {
  /** The verdicts that were open until the end. */
  verdicts: LineVerdict[];
  totals: FileTotals;
  /** Why the file as a whole is refused. */
  fileProblems: Problem[];
  /** What is to be said of the file as a whole, beside its lines. */
  fileWarnings: Problem[];
}

const LF = 0x0a;
const NOTHING = new Uint8Array(0);
/** No line that is begun is kept beyond this; a common line is never longer. */
const KEPT_BYTES = 4_096;
/**
 * One checker a file. Three ways lead to a verdict, and to the same one: a plain line is taken in where it lies, a common
 * line about which there is something to say has only its odd columns looked at, any other line goes the general way.
 */
export function createFileChecker(options: CheckOptions = {}): FileChecker {
  const { assignImageIds = true, onlyFindings = false, maxImagesPerSet = MAX_IMAGES_PER_SET } = options;
  const register = createImageRegister(options);
  const splitter = createLineSplitter();
  const checkImage = createImageChecker(register, assignImageIds);
  const checker = createLineChecker(checkImage);
  const common = createCommonLine();
  const counts = { valid: 0, invalid: 0, ignored: 0 };
  let verdicts: LineVerdict[] = [];
  let begun: Uint8Array = NOTHING;
  let { expectedBytes = 0 } = options;

  function tell(verdict: LineVerdict): void {
    counts[verdict.kind] += 1;
    const isFinding = verdict.kind !== 'valid' || verdict.warnings.length > 0;
    if (isFinding || !onlyFindings) verdicts.push(verdict);
  }

  function checkCommon(line: number): void {
    const isPlain = common.isPlain() && register.addPlain(common.digest, line);
    if (isPlain && onlyFindings) counts.valid += 1;
    else if (isPlain) tell(plainLine(line, common.fields()));
    else tell(checkImage(commonText(line), common.fields(), common.isInOrder));
  }

  /** Takes common lines from `from` on, and gives where the first one begins that is none. */
  function takeCommon(from: number, to: number): number {
    let at = from;
    while (at < to) {
      const lf = common.read(at);
      if (lf < 0) return at;
      checkCommon(splitter.next());
      splitter.skip(lf + 1 - at);
      at = lf + 1;
    }
    return at;
  }

  function takeAny(part: Uint8Array): void {
    for (const line of splitter.push(part)) for (const verdict of checker.line(line)) tell(verdict);
  }

  /** Takes bytes that end with a line end. */
  function takeLines(lines: Uint8Array): void {
    common.open(lines);
    let at = 0;
    while (at < lines.length) {
      if (checker.isSettled() && !splitter.isMidLine()) at = takeCommon(at, lines.length);
      const end = at < lines.length ? lines.indexOf(LF, at) + 1 : at;
      takeAny(lines.subarray(at, end));
      at = end;
    }
  }

  /** Keeps the beginning of a line until the rest of it comes; a long one is left to the splitter, which holds little of it. */
  function keep(part: Uint8Array): void {
    begun = Buffer.concat([begun, part]);
    if (begun.length <= KEPT_BYTES && !splitter.isMidLine()) return;
    takeAny(begun);
    begun = NOTHING;
  }

  function told(): LineVerdict[] {
    const ready = verdicts;
    verdicts = [];
    return ready;
  }

  return {
    push(chunk) {
      const first = chunk.indexOf(LF) + 1;
      const last = chunk.lastIndexOf(LF) + 1;
      if (first > 0) {
        takeLines(Buffer.concat([begun, chunk.subarray(0, first)]));
        begun = NOTHING;
        takeLines(chunk.subarray(first, last));
      }
      keep(chunk.subarray(last));
      if (expectedBytes > chunk.length) register.reserve(expectedBytes / chunk.length);
      expectedBytes = 0;
      return told();
    },
    end() {
      takeAny(begun);
      begun = NOTHING;
      for (const line of splitter.end()) for (const verdict of checker.line(line)) tell(verdict);
      for (const verdict of checker.end()) tell(verdict);
      const totals = { ...register.totals(), ...counts, lines: counts.valid + counts.invalid };
      return {
        verdicts: told(),
        totals,
        fileProblems: fileProblems(totals),
        fileWarnings: fileWarnings(totals, maxImagesPerSet),
      };
    },
  };
}

function fileProblems({ lines }: FileTotals): Problem[] {
  if (lines > 0) return [];
  const message = 'the file holds no line with an image; a line has eight columns, image-uri to bounding-poly';
  return [{ code: 'empty-file', message }];
}

function fileWarnings({ oversizedSets }: FileTotals, maxImagesPerSet: number): Problem[] {
  return oversizedSets.map(({ productSetId, images }) => {
    const what = `product set ${shownValue(productSetId)} gets ${images} images from this file alone`;
    const message = `${what}; with more than ${maxImagesPerSet} it is not indexed any more, and its changes never show in searches`;
    return { code: 'set-size', message, severity: 'warning' };
  });
}
