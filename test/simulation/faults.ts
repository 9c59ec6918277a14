/**
 * What may go wrong with a call, and how often. Each history has a mixture of its own: some faults often, some seldom,
 * some never, since faults that always come together hide each other.
 */
import { ServiceError, type Status } from '../../shared/core/errors';
import type { Random } from './random';

/** Probabilities, a call each. */
export interface FaultRates {
  /** It fails, and had no effect. */
  refused: number;
  /** It has its effect, and only its answer is lost. */
  answerLost: number;
  /** The same two for the start of an operation, the call that cannot simply be repeated, and that is seldom made. */
  startRefused: number;
  startLost: number;
  /** The client repeats it by itself after a lost answer, and the repeat meets its own first try. */
  repeatedInside: number;
  /** The invocation dies while it is on its way. */
  dies: number;
  /** The instance stands still for a while, with everything that runs in it, and then goes on as if nothing were. */
  freezes: number;
  /** It takes seconds instead of milliseconds. */
  slow: number;
  /** Of calls that one invocation has on their way together, one fails at once while another takes long. */
  uneven: number;
  /** A method soon after which invocations like to die: between two calls that follow each other nothing hits by chance. */
  deadly: string;
  /** What often fails, with or without an effect: a step that has begun to write seldom fails between two of its writes. */
  brittle: string;
  /** The usual time of a call, at most: slow invocations meet others more often. No probability. */
  usualMs: number;
}

/** What becomes of one call. */
export interface Fate {
  /** Until it reaches the service, and from there back. */
  requestMs: number;
  answerMs: number;
  /** The call never has an effect. */
  refusal?: ServiceError;
  /** The call has its effect and fails all the same. */
  lost?: ServiceError;
  repeatedInside: boolean;
  dies: boolean;
  /** Whether a call of an invocation that died on the way still has its effect. */
  arrives: boolean;
  freezesMs: number;
  /** The invocation dies at the call that comes so many calls later; 0: it does not. */
  diesAfter: number;
}

/** The client gives up after this long. */
export const CALL_DEADLINE_MS = 25_000;
const LONGEST_FREEZE_MS = 10 * 60_000;

export const NO_FAULTS: FaultRates = {
  refused: 0,
  answerLost: 0,
  startRefused: 0,
  startLost: 0,
  repeatedInside: 0,
  dies: 0,
  freezes: 0,
  slow: 0,
  uneven: 0,
  deadly: '',
  brittle: '',
  usualMs: 40,
};

/** What is listed or removed is to be written down, and acted on. */
const DEADLY = ['listProductsInProductSet', 'listProducts', 'delete', 'copy', 'publish'] as const;

/** What steps read and write in the middle of their work; not what keeps the ledger, which everybody waits for. */
const BRITTLE = ['write', 'write', 'read', 'openRead', 'listReferenceImages', 'deleteProduct'] as const;
const BRITTLE_RATE = 0.2;

/** A mixture for one history. */
export function chooseRates(random: Random): FaultRates {
  const often = random.pick([0, 0.005, 0.02, 0.05]);
  const rate = () => (random.chance(0.4) ? 0 : (often * random.int(1, 100)) / 100);
  return {
    refused: rate(),
    answerLost: rate(),
    startRefused: random.pick([0, 0, 0.1, 0.4]),
    startLost: random.pick([0, 0, 0.1, 0.4]),
    repeatedInside: rate(),
    dies: rate() / 2,
    freezes: rate() / 4,
    slow: rate() * 2,
    uneven: random.pick([0, 0, 0, 0.05, 0.2]),
    deadly: random.chance(0.5) ? random.pick(DEADLY) : '',
    brittle: random.chance(0.25) ? random.pick(BRITTLE) : '',
    usualMs: random.pick([40, 400, 3_000]),
  };
}

type Port = 'objects' | 'productSearch' | 'publisher' | 'derivedImages';

const REFUSALS: Record<Port, readonly [Status, ...Status[]]> = {
  objects: ['UNAVAILABLE', 'INTERNAL', 'DEADLINE_EXCEEDED', 'RESOURCE_EXHAUSTED'],
  productSearch: [
    ...(['UNAVAILABLE', 'INTERNAL', 'DEADLINE_EXCEEDED', 'RESOURCE_EXHAUSTED', 'RESOURCE_EXHAUSTED'] as const),
    // Another operation is on it; nobody knows why; somebody has taken a role away.
    ...(['ABORTED', 'FAILED_PRECONDITION', 'INVALID_ARGUMENT', 'PERMISSION_DENIED'] as const),
  ],
  publisher: ['UNAVAILABLE', 'DEADLINE_EXCEEDED'],
  derivedImages: ['UNAVAILABLE', 'INTERNAL', 'DEADLINE_EXCEEDED'],
};
/** Mostly a quota: the one refusal after which a slot is given back. */
const START_REFUSALS: readonly [Status, ...Status[]] = [
  ...(['RESOURCE_EXHAUSTED', 'RESOURCE_EXHAUSTED', 'RESOURCE_EXHAUSTED', 'RESOURCE_EXHAUSTED'] as const),
  ...REFUSALS.productSearch,
];
const LOST: readonly [Status, ...Status[]] = ['UNAVAILABLE', 'INTERNAL', 'DEADLINE_EXCEEDED'];

const STARTS: ReadonlySet<string> = new Set(['importProductSets', 'purgeProducts']);

/**
 * Draws the fate of a call. Every call draws, whatever it is, so that histories differ by their seed alone. `beside`: how
 * many calls the invocation has on their way already.
 */
export function drawFate(
  call: { port: Port; method: string; isConditional: boolean; beside: number },
  rates: FaultRates,
  random: Random,
): Fate {
  const name = `${call.port}.${call.method}`;
  const isStart = STARTS.has(call.method);
  const isPublish = call.port === 'publisher';
  const uneven = random.chance(call.beside > 0 ? rates.uneven : 0);
  const failsAtOnce = uneven && random.chance(0.5);
  const slow = random.chance(rates.slow) || (uneven && !failsAtOnce);
  const fate: Fate = {
    requestMs: slow ? random.int(100, 20_000) : random.int(1, rates.usualMs),
    answerMs: slow ? random.int(100, 20_000) : random.int(1, rates.usualMs),
    repeatedInside: random.chance(rates.repeatedInside),
    // The starts of operations are few, and so are the ends of requests.
    dies: random.chance(rates.dies * (isStart ? 25 : isPublish ? 5 : 1)),
    arrives: random.chance(0.5),
    freezesMs: random.chance(rates.freezes * (isPublish ? 15 : 1)) ? random.spread(1_000, LONGEST_FREEZE_MS) : 0,
    diesAfter: call.method === rates.deadly && random.chance(0.3) ? random.int(1, 6) : 0,
  };
  const breaks = random.chance(call.method === rates.brittle && !call.isConditional ? BRITTLE_RATE : 0);
  if (random.chance(isStart ? rates.startRefused : rates.refused) || failsAtOnce || (breaks && !fate.arrives)) {
    const refusals = isStart ? START_REFUSALS : REFUSALS[call.port];
    fate.refusal = new ServiceError(name, random.pick(refusals), 'simulated: not done');
  } else if (random.chance(isStart ? rates.startLost : rates.answerLost) || breaks) {
    fate.lost = new ServiceError(name, random.pick(LOST), 'simulated: done, the answer is lost');
  }
  if (fate.requestMs + fate.answerMs > CALL_DEADLINE_MS) {
    fate.answerMs = CALL_DEADLINE_MS - fate.requestMs;
    fate.lost ??= new ServiceError(name, 'DEADLINE_EXCEEDED', 'simulated: no answer in time');
  }
  return fate;
}
