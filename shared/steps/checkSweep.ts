/** Refuses a sweep outside the folders in which files may be removed. Changes nothing. */
import { isFolderRemovable } from '../core/names';
import { commandInput, DONE, end, type Step } from './step';

export const checkSweep: Step = async ({ record, config }) => {
  const { prefix } = commandInput(record);
  if (prefix === undefined || isFolderRemovable(prefix, config.removableImages)) return DONE;
  const allowed = config.removableImages.length === 0 ? 'nowhere' : `in ${config.removableImages.join(', ')} only`;
  const message = `${prefix} is not inside REMOVABLE_IMAGES: image files may be removed ${allowed}`;
  return end('rejected', { code: 'not-removable', field: 'prefix', message });
};
