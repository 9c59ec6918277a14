/** Paces the management calls of this instance with those of all others, by lots from `quota/calls.json`. */
import type { Config } from '../config';
import { type CallBudget, FULL_BUDGET, type Lot, slowDown, takeLot } from '../core/callBudget';
import { ServiceError } from '../core/errors';
import type { ObjectName, Ports } from '../ports';
import { updateJson } from './jsonObject';

type PacerPorts = Pick<Ports, 'objects' | 'clock' | 'entropy'>;

export interface Pacer {
  /**
   * Resolves when a management call may be made. The calls of a bulk request are all counted; those of others only in
   * bursts. Throws RESOURCE_EXHAUSTED where the budget is given out for too long: the request waits for quota. Where many
   * calls wait for few times this takes minutes; `meanwhile` is called every few seconds of that.
   */
  take(bulk: boolean, meanwhile?: () => Promise<void>): Promise<void>;
  /** The service refused a call for its quota: everybody goes slower for a while. */
  refused(): Promise<void>;
}

/** Calls that an instance makes in ten seconds without asking, so that a single delete costs no write more. */
const FREE_CALLS = 20;
const FREE_WINDOW_MS = 10_000;
/** The first lot is small, so that a short request wastes little; who waits for its times gets larger ones. */
const FIRST_LOT = 8;
/** A lot is at most this long, so that several requests share the budget fairly. */
const LONGEST_LOT_MS = 2_500;
/** Who comes so much later than its time calls more slowly than it may: it gets smaller lots, and wastes none. */
const SLOW_MS = 250;
/** A call that comes later than this after its time takes another: its minute may be full. */
const LATE_MS = 1_000;
/** A lot is asked for from when its answer will be here; storage that takes longer than this is not reckoned with. */
const LONGEST_ANSWER_MS = 5_000;
const PAUSE_MS = 2_000;
const ATTEMPTS = 5;

function startedBy(lot: Lot, now: number): Lot {
  return lot.from >= now ? lot : { ...lot, from: now };
}

/** The pacer of one instance. What it has taken and not used is lost with it. */
export function createPacer(
  ports: PacerPorts,
  config: Pick<Config, 'stateBucket' | 'managementCallsPerMinute'>,
): Pacer {
  const { clock } = ports;
  const limit = config.managementCallsPerMinute;
  const object: ObjectName = { bucket: config.stateBucket, name: 'quota/calls.json' };
  let lot: Lot | null = null;
  let used = 0;
  let answerMs = 0;
  let size = FIRST_LOT;
  let isSlow = false;
  let taking: Promise<void> | null = null;
  let free = { since: 0, calls: 0 };

  /** The time of the next call in the lot, or null where the lot is used up or over. */
  function nextTime(): number | null {
    if (lot === null || used >= lot.calls) return null;
    const at = lot.from + used * lot.everyMs;
    const late = clock.now() - at;
    if (late > SLOW_MS) isSlow = true;
    if (late > LATE_MS) return null;
    used += 1;
    return at;
  }

  async function takeNextLot(): Promise<void> {
    const longest = Math.max(1, Math.floor((limit / 60_000) * LONGEST_LOT_MS));
    if (lot !== null) size = isSlow ? Math.max(1, size >> 1) : Math.min(size * 2, longest);
    const wanted = Math.min(size, longest);
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      let taken: Lot | null = null;
      let askedAt = clock.now();
      await updateJson<CallBudget>(ports, object, FULL_BUDGET, (budget) => {
        askedAt = clock.now();
        const next = takeLot(budget, limit, wanted, askedAt + answerMs);
        taken = next?.lot ?? null;
        return next?.budget ?? null;
      });
      if (taken !== null) {
        // A write that took long must not make the whole lot late: it would be taken again without end.
        const now = clock.now();
        answerMs = Math.min(now - askedAt, LONGEST_ANSWER_MS);
        lot = startedBy(taken, now);
        used = 0;
        isSlow = false;
        return;
      }
      await clock.sleep(PAUSE_MS);
    }
    throw new ServiceError('Quota.TakeCalls', 'RESOURCE_EXHAUSTED', `other requests use the ${limit} calls a minute`);
  }

  function isFree(): boolean {
    const now = clock.now();
    if (now - free.since >= FREE_WINDOW_MS) free = { since: now, calls: 0 };
    free.calls += 1;
    return free.calls <= FREE_CALLS;
  }

  return {
    async take(bulk, meanwhile) {
      if (!bulk && isFree()) return;
      for (;;) {
        const at = nextTime();
        if (at !== null) {
          const wait = Math.ceil(at - clock.now());
          if (wait > 0) await clock.sleep(wait);
          return;
        }
        taking ??= takeNextLot().finally(() => {
          taking = null;
        });
        await taking;
        await meanwhile?.();
      }
    },

    async refused() {
      await updateJson<CallBudget>(ports, object, FULL_BUDGET, (budget) => slowDown(budget, limit, clock.now()));
    },
  };
}
