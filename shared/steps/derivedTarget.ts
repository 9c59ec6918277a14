/** Which originals a request is about at Cloudinary, as its command or its removed image files say. */
import type { DerivedSelector, DerivedTarget } from '../core/derivedDeletion';
import { derivedResourceOf } from '../core/derivedPublicId';
import type { CommandInput } from '../core/request';
import type { StepContext } from './step';

/** Of a command that names originals itself. */
export function targetOf({ resourceType = 'image', type = 'upload', select = {} }: CommandInput): DerivedTarget {
  return { resourceType, type, select: selectorOf(select) };
}

function selectorOf({ publicIds, prefix, tag, all }: NonNullable<CommandInput['select']>): DerivedSelector {
  if (publicIds !== undefined) return { publicIds: [...new Set(publicIds)] };
  if (prefix !== undefined) return { prefix };
  if (tag !== undefined) return { tag };
  if (all === true) return { all };
  throw new TypeError('the command selects nothing');
}

/** Of image files: their resources by the configured template, each once. */
export function targetOfFiles({ config }: Pick<StepContext, 'config'>, uris: Iterable<string>): DerivedTarget {
  const resources = [...uris].map((uri) => derivedResourceOf(uri, config.derivedPublicId));
  const publicIds = new Set<string>();
  for (const resource of resources) if (resource !== null) publicIds.add(resource.publicId);
  const type = resources.find((resource) => resource !== null)?.type ?? 'upload';
  return { resourceType: 'image', type, select: { publicIds: [...publicIds] } };
}
