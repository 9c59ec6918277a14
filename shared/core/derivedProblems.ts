/** What a deletion of derived images is told: why it is refused, and what its counts do not say. Pure. */
import { isBlankTransformation, isRelative } from './derivedDeletion';
import { type Problem, shownValue } from './problem';
import type { CommandInput, RequestRecord, StepName } from './request';

export const DEFAULT_MAX_FILES = 10_000;

/** Types whose public ids the account's owner chooses; elsewhere an id may well be an address. */
const OWN_TYPES = ['upload', 'private', 'authenticated'];

export function noCredentialsProblem(): Problem {
  const message =
    'There are no Cloudinary credentials (CLOUDINARY_URL), so no derived images can be deleted; nothing was changed';
  return { code: 'no-credentials', message };
}

/** Why a command that is valid field by field cannot be done as it stands; empty where it can. */
export function derivedRefusals(input: CommandInput): Problem[] {
  const { select = {}, type = 'upload', keepOriginal, transformations = [], maxFiles = DEFAULT_MAX_FILES } = input;
  const problems: Problem[] = [];
  const refuse = (field: string, message: string) => problems.push({ code: 'invalid-value', field, message });
  const named = [...(select.publicIds ?? []), select.tag ?? '-', type];
  if ([...named, select.prefix ?? '-'].some((text) => text.trim() === '') || named.some(isRelative)) {
    refuse('select', 'an id, prefix, tag or type that is blank, "." or ".." names nothing');
  }
  const url = OWN_TYPES.includes(type) ? select.publicIds?.find((id) => /^https?:\/\//.test(id)) : undefined;
  if (url !== undefined) refuse('select.publicIds', `${shownValue(url)} is an address; give the public id`);
  if (select.tag !== undefined && type !== 'upload') {
    refuse('type', 'by tag Cloudinary deletes in every delivery type at once; leave type out, or name public ids');
  }
  if (transformations.some(isBlankTransformation)) {
    refuse('transformations', 'a transformation is empty; Cloudinary might take it for every one');
  }
  if (transformations.length > 0 && keepOriginal === false) {
    refuse('keepOriginal', 'with transformations only derived images are deleted; give keepOriginal: true');
  }
  const originals = new Set(select.publicIds).size;
  if (keepOriginal === false && originals > maxFiles) problems.push(maxFilesProblem(originals, maxFiles));
  return problems;
}

/** More originals than the command allows. `originals` may be the least that there are. */
export function maxFilesProblem(originals: number, maxFiles: number): Problem {
  const message = `at least ${originals} originals would go, the limit is ${maxFiles}; a higher maxFiles would allow it`;
  return { code: 'max-files', field: 'maxFiles', message };
}

/** What a request that has done its calls has to tell of them, beside its counts. */
export function derivedWarnings(told: {
  notFound: number;
  sample: readonly string[];
  lost: number;
  uncounted: number;
  invalidate: boolean;
}): Problem[] {
  const warnings: Problem[] = [];
  const warn = (code: string, message: string) => warnings.push({ code, message, severity: 'warning' });
  if (told.notFound > 0) {
    const more = told.notFound > told.sample.length ? ' …' : '';
    const shown = `${told.sample.map(shownValue).join(', ')}${more}`;
    warn('not-found', `${told.notFound} public ids are not there: ${shown}; public ids have no address and no ending`);
  }
  if (told.lost > 0) {
    const calls = told.lost === 1 ? 'call got' : 'calls got';
    warn('count-incomplete', `${told.lost} ${calls} no answer; what was deleted by that may not be counted`);
  }
  if (told.uncounted > 0) {
    warn('count-incomplete', `Cloudinary did not say how much it deleted of ${told.uncounted} originals`);
  }
  if (told.invalidate) {
    const rule = 'it can take up to an hour, and works only where bulk invalidation is enabled for the account';
    warn('invalidation-unconfirmed', `Invalidation of the delivery network's copies was asked for; ${rule}`);
  }
  return warnings;
}

/** How far a step with calls to Cloudinary is. */
export interface PageCursor {
  /** Calls that are done, from 0. */
  page: number;
  /** The call of this page may have been made already. */
  begun?: true;
  /** Calls whose answers nobody got. */
  lost: number;
}

const PAGED: readonly (StepName | undefined)[] = ['deleteDerived', 'cleanDerived'];

/** What has to be said where a request ends in the middle of such calls: what they deleted may not be counted. */
export function cutShortWarnings({ plan, at, cursor }: Pick<RequestRecord, 'plan' | 'at' | 'cursor'>): Problem[] {
  if (!PAGED.includes(plan[at]?.step) || cursor === undefined) return [];
  const { begun, lost } = cursor as PageCursor;
  const unanswered = lost + (begun === true ? 1 : 0);
  return derivedWarnings({ notFound: 0, sample: [], lost: unanswered, uncounted: 0, invalidate: false });
}

/** A command that cleans what belongs to removed files, but removes none. */
export function nothingToCleanProblem(): Problem {
  const message =
    'derived cleans what belongs to image files that this request removes; imageFiles lets it remove none';
  return { code: 'nothing-to-clean', field: 'derived', message, severity: 'warning' };
}
