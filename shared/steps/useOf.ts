/** What speaks for an image file, in words. */
import { type SweepMarks, USES } from '../core/sweepMarks';

/**
 * null where nothing does. `passing`: only an import, a restore or a snapshot names it, which comes to an end; the next
 * sweep has to look again.
 */
export function useOf(marks: SweepMarks, uri: string): { reason: string; passing: boolean } | null {
  const uses = marks.usesOf(uri);
  if (uses === 0) return null;
  const passing = (uses & USES.referenceImage) === 0;
  const user = marks.userOf(uri);
  if (user !== undefined) return { reason: `used by ${user}`, passing };
  if (!passing) return { reason: 'used by a reference image', passing };
  const reason = (uses & USES.import) > 0 ? 'named by an import or a restore' : 'named by a snapshot';
  return { reason, passing };
}
