/** The port `DerivedImages` on the model itself, without a wire: the same rules, limits and answers. */
import {
  readDeletion,
  readDerivedOf,
  readOriginals,
  readResetTime,
  readUsage,
} from '../../shared/core/cloudinaryAnswer';
import { type DerivedSelector, deletionCall } from '../../shared/core/derivedDeletion';
import { ServiceError, statusOfHttp } from '../../shared/core/errors';
import type { DerivedAnswer, DerivedImages } from '../../shared/ports';
import type { CloudinaryModel } from './model';
import { CloudinaryModelError } from './modelErrors';

export function modelDerivedImages(model: CloudinaryModel): DerivedImages {
  /** One call of the hour; `act` gives what would go over the wire. */
  function call<T>(name: string, hasCursor: boolean, act: () => unknown, read: (body: unknown) => T | null) {
    try {
      model.quota.take();
      const value = read(act());
      if (value === null) throw new Error(`${name} gave what its own reader does not take`);
      return { kind: 'answer', value, limit: model.quota.view() } satisfies DerivedAnswer<T>;
    } catch (error) {
      return refusal(name, hasCursor, error);
    }
  }

  return {
    async deletePage(deletion) {
      deletionCall(deletion);
      const { resourceType, type, select, keepOriginal, invalidate, transformations, cursor } = deletion;
      const question = {
        ...{ resourceType, type, keepOriginal, invalidate },
        ...selectorOf(select),
        ...(transformations === undefined ? {} : { transformations: transformations.join('|') }),
        ...(cursor === undefined ? {} : { nextCursor: cursor }),
      };
      const hasCursor = cursor !== undefined;
      return call('Cloudinary.DeleteResources', hasCursor, () => model.deleteResources(question), readDeletion);
    },

    async listOriginals({ resourceType, type, select }, { cursor, maxResults }) {
      const { all: _all, ...where } = selectorOf(select);
      const question = { resourceType, ...('tag' in where ? {} : { type }), ...where, maxResults, nextCursor: cursor };
      return call('Cloudinary.ListResources', cursor !== undefined, () => model.list(question), readOriginals);
    },

    async derivedOf(original, cursor) {
      const details = () => model.details(original, { maxResults: 500, nextCursor: cursor });
      try {
        return call('Cloudinary.GetResource', cursor !== undefined, details, readDerivedOf);
      } catch (error) {
        if (!(error instanceof ServiceError && error.status === 'NOT_FOUND')) throw error;
        return { kind: 'answer', value: null, limit: model.quota.view() };
      }
    },

    async usage() {
      return call('Cloudinary.Usage', false, () => model.usage(), readUsage);
    },
  };
}

function selectorOf(select: DerivedSelector): { publicIds?: string[]; prefix?: string; tag?: string; all?: true } {
  return 'publicIds' in select ? { publicIds: [...select.publicIds] } : select;
}

function refusal(name: string, hasCursor: boolean, error: unknown): DerivedAnswer<never> {
  if (!(error instanceof CloudinaryModelError)) throw error;
  if (error.status === 420) return { kind: 'limit', resetAt: readResetTime(error.message) };
  if (error.status === 400 && hasCursor) return { kind: 'cursorRefused' };
  throw new ServiceError(name, statusOfHttp(error.status), error.message);
}
