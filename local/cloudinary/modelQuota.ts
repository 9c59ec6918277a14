/** The hourly limit of the Admin API: each call is one, and the count begins anew with each full hour. */
import type { Clock } from '../../shared/ports';
import { CloudinaryModelError } from './modelErrors';

export interface QuotaView {
  limit: number;
  remaining: number;
  /** Milliseconds since the epoch. */
  resetAt: number;
}

export interface Quota {
  /** Throws 420 where the window's calls are used up; the refused call is not counted. */
  take(): void;
  view(): QuotaView;
}

/** The documented window is an hour; it begins at whole multiples of its length. */
export function createQuota(clock: Clock, limit: number, windowMs: number): Quota {
  let window = -1;
  let used = 0;
  function view(): QuotaView {
    const current = Math.floor(clock.now() / windowMs);
    if (current !== window) {
      window = current;
      used = 0;
    }
    return { limit, remaining: limit - used, resetAt: (current + 1) * windowMs };
  }
  return {
    view,
    take() {
      const { remaining, resetAt } = view();
      if (remaining > 0) {
        used += 1;
        return;
      }
      const again = new Date(Math.ceil(resetAt / 1_000) * 1_000).toISOString().slice(0, 19).replace('T', ' ');
      const message = `Rate Limit Exceeded. Limit of ${limit} api operations reached. Try again on ${again} UTC`;
      throw new CloudinaryModelError(420, message);
    },
  };
}
