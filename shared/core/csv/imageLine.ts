/** The verdict on a line that has been cut into fields. Pure but for the register, which takes the valid line in. */
import type { Problem } from '../problem';
import { isLegacyCategory } from '../productCategory';
import { COLUMNS, checkFields, type ImageLine, isEightFields } from './fields';
import type { ImageRegister } from './imageRegister';
import { invalidLine, type LineVerdict } from './lineVerdict';
import { assignedImageId, normalisedLine } from './normalise';
import { LINE_CHARACTERS, lengthProblem, type ReadLine } from './readLine';

/** Tells all errors of the line, those beside earlier lines included, or else takes it into the register. */
export function checkImageLine(
  read: ReadLine,
  fields: readonly string[],
  register: ImageRegister,
  assignImageIds: boolean,
): LineVerdict {
  if (!isEightFields(fields)) return invalidLine(read, [...read.problems, columnCount(fields)]);
  const checked = checkFields(fields);
  const { image } = checked;
  const problems = withoutRepeats(read.problems, checked.problems);
  // Without an id of its own, too, an image is known by what its id would be: the same line again is the same image.
  const known = image.imageId === '' ? { ...image, imageId: assignedImageId(image) } : image;
  const imported = assignImageIds ? known : image;
  const normalised = normalisedLine(imported);
  if (normalised.length > LINE_CHARACTERS && !problems.some((problem) => problem.code === 'line-length')) {
    problems.push(lengthProblem(normalised, `the line has ${normalised.length} characters as it would be imported`));
  }
  const duplicate = isKnowable(problems) ? register.duplicate(known) : null;
  if (duplicate !== null) problems.push(duplicate);
  if (problems.length > 0) return invalidLine(read, problems);
  const warnings = [...read.warnings, ...warningsOf(read.number, image, imported, register)];
  register.add(known, read.number);
  const { productSetId, productId, imageId } = imported;
  return { kind: 'valid', line: read.number, normalised, productSetId, productId, imageId, warnings };
}

/** A column whose characters are wrong is not told a second time that they break its own rule. */
function withoutRepeats(read: readonly Problem[], checked: readonly Problem[]): Problem[] {
  const isBad = (column: number | undefined) =>
    read.some((problem) => problem.code === 'encoding' && problem.column === column);
  return [...read, ...checked.filter((problem) => !isBad(problem.column))];
}

/** Whether the columns that make an image the same as another one are themselves in order. */
function isKnowable(problems: readonly Problem[]): boolean {
  return problems.every((problem) => ![1, 2, 4, 8].includes(problem.column ?? 0) || problem.code === 'line-length');
}

function warningsOf(line: number, given: ImageLine, imported: ImageLine, register: ImageRegister): Problem[] {
  const warnings: Problem[] = [];
  if (given.imageId !== imported.imageId) {
    const message = `the line has no image-id and gets ${imported.imageId}`;
    warnings.push({ code: 'image-id-assigned', line, column: 2, message, severity: 'warning' });
  }
  if (isLegacyCategory(given.productCategory)) {
    const newer = `${given.productCategory}-v2`;
    const message = `product-category "${given.productCategory}" is of an older kind; new products should be ${newer}`;
    warnings.push({ code: 'legacy-category', line, column: 5, message, severity: 'warning' });
  }
  const conflict = register.conflict(given);
  if (conflict !== null) warnings.push({ ...conflict, line });
  return warnings;
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
