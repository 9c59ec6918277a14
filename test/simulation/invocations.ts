/**
 * Invocations of functions, many at a time. Every call of a port waits in the timeline, on its way there and on its way
 * back, so that any two invocations meet at any point; any of them may die or stand still at any call.
 */
import type { Config } from '../../shared/config';
import { createPacer, type Pacer } from '../../shared/ledger/pacer';
import type { LogFields, Ports, Severity } from '../../shared/ports';
import { callText, shown } from './callText';
import { drawFate, type Fate, type FaultRates } from './faults';
import type { Random } from './random';
import type { Timeline } from './timeline';

export interface Invocation {
  /** For the history: `command-3`, `tick-12`. */
  readonly name: string;
  /** The request that it was started for; a tick has none. */
  readonly requestId?: string;
  /** All that it may have put into a lease or a compare-and-set. */
  readonly nonces: Set<string>;
  state: 'running' | 'ended' | 'dead';
  /** Calls and pauses that it waits for. */
  waiting: number;
  frozenUntil: number;
  /** Calls that it still makes before it dies. */
  callsLeft: number;
  /** The platform has found out that it is dead. */
  noticed(): void;
}

export interface Call {
  invocation: Invocation;
  port: 'objects' | 'productSearch' | 'publisher' | 'derivedImages';
  method: string;
  parameters: readonly unknown[];
}

export interface InvocationDeps {
  ports: Ports;
  config: Config;
  pacer: Pacer;
}

export interface Listener {
  /** The call leaves the invocation. */
  sent(call: Call): void;
  /** At the moment of the call's effect, before and after it. */
  before(call: Call): void;
  after(call: Call, result: unknown): void;
  /** The call had no effect: the service refused it. */
  refused(call: Call): void;
  started(invocation: Invocation): void;
  /** It is dead, stands still or has met a fault: what it knows is old when its request goes on. */
  heldUp(invocation: Invocation): void;
  log(invocation: Invocation, severity: Severity, message: string, fields: LogFields): void;
  /** For the history; `what` is worked out only where one is kept. */
  note(who: string, what: () => string): void;
}

export interface InvocationWorld {
  timeline: Timeline;
  random: Random;
  real: Ports;
  config: Config;
  rates(): FaultRates;
  /** Largest difference of an instance's clock from the true time. */
  skewMs: number;
  listener: Listener;
}

/** The platform ends an invocation that takes longer. */
const TIMEOUT_MS = 540_000;

export function createInvocations(world: InvocationWorld) {
  const { timeline, random, real, config, listener } = world;
  const running = new Set<Invocation>();

  function kill(invocation: Invocation, why: () => string): void {
    if (invocation.state !== 'running') return;
    invocation.state = 'dead';
    running.delete(invocation);
    // A lost connection is noticed soon, a lost machine late.
    timeline.after(random.spread(100, TIMEOUT_MS), () => invocation.noticed());
    listener.note(invocation.name, () => `dies: ${why()}`);
    listener.heldUp(invocation);
  }

  /** Goes on at that time, or when a standing invocation goes on; never in a dead one. */
  function wake(invocation: Invocation, ms: number, goOn: () => void): void {
    timeline.after(ms, () => {
      if (invocation.state !== 'running') return;
      const frozen = invocation.frozenUntil - timeline.now();
      if (frozen > 0) return wake(invocation, frozen, goOn);
      invocation.waiting -= 1;
      goOn();
    });
  }

  function call(one: Call, act: () => Promise<unknown>): Promise<unknown> {
    const { invocation } = one;
    return new Promise((resolve, reject) => {
      if (invocation.state !== 'running') return;
      listener.sent(one);
      const fate = drawFate(
        { ...one, isConditional: isConditional(one), beside: invocation.waiting },
        world.rates(),
        random,
      );
      invocation.waiting += 1;
      const isLast = invocation.callsLeft === 0;
      invocation.callsLeft = fate.diesAfter > 0 ? fate.diesAfter - 1 : invocation.callsLeft - 1;
      timeline.after(fate.requestMs, async () => {
        if (fate.dies || isLast) kill(invocation, () => `at ${callText(one)}`);
        if (invocation.state === 'dead' && !fate.arrives) return;
        if (fate.freezesMs > 0) invocation.frozenUntil = timeline.now() + fate.freezesMs;
        const settle = await perform(one, act, fate);
        if (fate.freezesMs > 0 || (fate.refusal ?? fate.lost) !== undefined) listener.heldUp(invocation);
        wake(invocation, fate.answerMs, () => settle(resolve, reject));
      });
    });
  }

  type Settle = (resolve: (value: unknown) => void, reject: (error: unknown) => void) => void;

  async function perform(one: Call, act: () => Promise<unknown>, fate: Fate): Promise<Settle> {
    const { refusal, lost } = fate;
    if (refusal !== undefined) {
      listener.note(one.invocation.name, () => `${callText(one)} ✗ ${refusal.status}, not done`);
      return (_resolve, reject) => reject(refusal);
    }
    listener.before(one);
    try {
      const result = await act();
      listener.after(one, result);
      if (lost !== undefined) {
        listener.note(one.invocation.name, () => `${callText(one)} → ${shown(result)}, but the answer is lost`);
        return (_resolve, reject) => reject(lost);
      }
      const seen = fate.repeatedInside ? afterRepeat(one, result) : result;
      const frozen = fate.freezesMs > 0 ? `; stands still for ${Math.round(fate.freezesMs / 1_000)} s` : '';
      listener.note(one.invocation.name, () => `${callText(one)} → ${shown(seen)}${frozen}`);
      return (resolve) => resolve(seen);
    } catch (error) {
      listener.refused(one);
      listener.note(one.invocation.name, () => `${callText(one)} ✗ ${error instanceof Error ? error.message : error}`);
      return (_resolve, reject) => reject(error);
    }
  }

  function guarded<T extends object>(invocation: Invocation, port: Call['port'], target: T): T {
    return new Proxy(target, {
      get(inner, name) {
        const method: unknown = Reflect.get(inner, name);
        if (typeof method !== 'function') return method;
        return (...parameters: unknown[]) =>
          call({ invocation, port, method: String(name), parameters }, async () => method.apply(inner, parameters));
      },
    });
  }

  function portsOf(invocation: Invocation): Ports {
    const skew = random.int(-world.skewMs, world.skewMs);
    const write = (severity: Severity, message: string, fields: LogFields = {}) =>
      listener.log(invocation, severity, message, fields);
    const log = { write, with: () => log };
    return {
      log,
      clock: {
        now: () => timeline.now() + skew,
        sleep(ms) {
          invocation.waiting += 1;
          return new Promise((resolve) => wake(invocation, ms, resolve));
        },
      },
      entropy: {
        nonce() {
          const nonce = random.nonce();
          invocation.nonces.add(nonce);
          return nonce;
        },
      },
      objects: guarded(invocation, 'objects', real.objects),
      productSearch: guarded(invocation, 'productSearch', real.productSearch),
      publisher: guarded(invocation, 'publisher', real.publisher),
      derivedImages: real.derivedImages && guarded(invocation, 'derivedImages', real.derivedImages),
    };
  }

  return {
    running: () => running.size,
    /** Somebody works, and waits for nothing that is in the timeline. */
    isBusy: () => [...running].some((invocation) => invocation.waiting === 0),

    /** Starts an invocation; `ended` is called once, where it dies, too. */
    start(
      who: { name: string; requestId?: string },
      act: (deps: InvocationDeps) => Promise<unknown>,
      ended: (outcome: 'returned' | 'threw' | 'died') => void,
    ): void {
      const noticed = () => ended('died');
      const invocation: Invocation = {
        ...who,
        nonces: new Set(),
        state: 'running',
        waiting: 0,
        frozenUntil: 0,
        callsLeft: Number.POSITIVE_INFINITY,
        noticed,
      };
      running.add(invocation);
      listener.started(invocation);
      const end = (outcome: 'returned' | 'threw') => {
        if (invocation.state !== 'running') return;
        invocation.state = 'ended';
        running.delete(invocation);
        ended(outcome);
      };
      timeline.after(TIMEOUT_MS, () => kill(invocation, () => 'it takes too long'));
      const ports = portsOf(invocation);
      act({ ports, config, pacer: createPacer(ports, config) }).then(
        () => end('returned'),
        () => end('threw'),
      );
    },
  };
}

export type Invocations = ReturnType<typeof createInvocations>;

/** Whether it is done only at a certain generation. */
function isConditional({ parameters }: Pick<Call, 'parameters'>): boolean {
  const options = parameters.at(-1);
  return typeof options === 'object' && options !== null && 'ifGenerationMatch' in options;
}

/** What the caller of a repeated call sees: the precondition of the repeat fails on the first one's own effect. */
function afterRepeat(call: Call, result: unknown): unknown {
  const { port, method } = call;
  if (port === 'objects' && method === 'write' && isConditional(call)) return null;
  if (port === 'objects' && method === 'copy' && isConditional(call) && typeof result === 'object')
    return 'precondition';
  if (result === 'deleted') return 'absent';
  if (result === 'created') return 'exists';
  return result;
}
