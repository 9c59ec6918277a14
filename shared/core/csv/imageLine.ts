/** The verdict on a line that has been cut into fields. Pure but for the register, which takes the valid line in. */
import type { Problem } from '../problem';
import { isLegacyCategory } from '../productCategory';
import { COLUMNS, checkFields, type InOrder, isEightFields } from './fields';
import { digestOf } from './imageDigest';
import type { ImageRegister } from './imageRegister';
import { invalidLine, type LineVerdict } from './lineVerdict';
import { assignedImageId, normalisedLine } from './normalise';
import { LINE_CHARACTERS, lengthProblem, type ReadLine } from './readLine';

/**
 * Tells all errors of the line, those beside earlier lines included, or else takes it into the register. `isInOrder` says
 * what is known of its columns, and changes nothing but the time it takes.
 */
export type ImageChecker = (read: ReadLine, fields: readonly string[], isInOrder?: InOrder) => LineVerdict;

export function createImageChecker(register: ImageRegister, assignImageIds: boolean): ImageChecker {
  return (read, fields, isInOrder) => {
    if (!isEightFields(fields)) return invalidLine(read, [...read.problems, columnCount(fields)]);
    const checked = checkFields(fields, isInOrder);
    const { image } = checked;
    const problems = withoutRepeats(read.problems, checked.problems);
    // Without an id of its own, too, an image is known by what its id would be: the same line again is the same image.
    const knownId = image.imageId === '' ? assignedImageId(image) : image.imageId;
    const imageId = assignImageIds ? knownId : image.imageId;
    const normalised = normalisedLine(image, imageId);
    if (normalised.length > LINE_CHARACTERS && !problems.some((problem) => problem.code === 'line-length')) {
      problems.push(lengthProblem(normalised, `the line has ${normalised.length} characters as it would be imported`));
    }
    if (!isKnowable(problems)) return invalidLine(read, problems);
    const { productSetId, productId } = image;
    const known = { productSetId, productId, imageId: knownId, digest: digestOf(image, knownId) };
    const duplicate = register.duplicate(known);
    if (duplicate !== null) problems.push(duplicate);
    if (problems.length > 0) return invalidLine(read, problems);
    const assigned = image.imageId === imageId ? null : assignedWarning(imageId);
    const found = [
      assigned,
      register.surplusSet(known),
      legacyWarning(image.productCategory),
      register.conflict(known),
    ];
    register.add(known, read.number);
    const warnings = [...read.warnings, ...numbered(found, read.number)];
    return { kind: 'valid', line: read.number, normalised, productSetId, productId, imageId, warnings };
  };
}

function numbered(found: readonly (Problem | null)[], line: number): Problem[] {
  const warnings: Problem[] = [];
  for (const warning of found) {
    if (warning === null) continue;
    warning.line = line;
    warnings.push(warning);
  }
  return warnings;
}

/** A column whose characters are wrong is not told a second time that they break its own rule. */
function withoutRepeats(read: readonly Problem[], checked: Problem[]): Problem[] {
  if (read.length === 0) return checked;
  const isBad = (column: number | undefined) =>
    read.some((problem) => problem.code === 'encoding' && problem.column === column);
  return [...read, ...checked.filter((problem) => !isBad(problem.column))];
}

/** Whether the columns that make an image the same as another one are themselves in order. */
function isKnowable(problems: readonly Problem[]): boolean {
  return problems.every((problem) => ![1, 2, 4, 8].includes(problem.column ?? 0) || problem.code === 'line-length');
}

function assignedWarning(imageId: string): Problem {
  const message = `the line has no image-id and gets ${imageId}`;
  return { code: 'image-id-assigned', column: 2, message, severity: 'warning' };
}

function legacyWarning(category: string): Problem | null {
  if (!isLegacyCategory(category)) return null;
  const message = `product-category "${category}" is of an older kind; new products should be ${category}-v2`;
  return { code: 'legacy-category', column: 5, message, severity: 'warning' };
}

function columnCount(fields: readonly string[]): Problem {
  const count = fields.length;
  const right = `give eight, ${COLUMNS.join(', ')}, with a comma after each but the last, blank or not`;
  const message = `the line has ${count === 1 ? '1 column' : `${count} columns`}; ${right}${columnHint(fields)}`;
  return { code: 'column-count', column: Math.min(count + 1, COLUMNS.length), message };
}

function columnHint(fields: readonly string[]): string {
  if (fields.length < COLUMNS.length) {
    return (fields[0] ?? '').includes(';') ? ' (commas, not semicolons, separate columns)' : '';
  }
  const surplus = fields.slice(COLUMNS.length - 1);
  if (surplus.every((field) => /^[\d. ]+$/.test(field))) return ' (a bounding-poly is put in quotes)';
  return fields.slice(6).some((field) => field.includes('=')) ? ' (labels that have commas are put in quotes)' : '';
}
