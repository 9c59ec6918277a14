/** Ports that fail where a test asks for it, before or after the call's effect, and count what is called. */
import type { Ports } from '../../shared/ports';

export interface FailOptions {
  /** The call takes effect, and only its answer is lost. */
  after?: boolean;
  /** How many calls fail; default 1. */
  times?: number;
  /** Only calls with such parameters. */
  when?: (...parameters: unknown[]) => boolean;
}

interface PlannedFault extends Required<FailOptions> {
  name: string;
  error: unknown;
  lostAnswers: unknown[];
}

export function createFaultyPorts(real: Ports) {
  const faults: PlannedFault[] = [];
  const counts = new Map<string, number>();
  const callWatchers: ((name: string) => void)[] = [];
  const faultWatchers: ((error: unknown) => void)[] = [];

  async function call(name: string, parameters: unknown[], act: () => unknown): Promise<unknown> {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const watch of callWatchers) watch(name);
    const fault = faults.find((one) => [name, '*'].includes(one.name) && one.times > 0 && one.when(...parameters));
    if (fault === undefined) return watched(act);
    fault.times -= 1;
    if (fault.after) fault.lostAnswers.push(await act());
    throw fault.error;
  }

  async function watched(act: () => unknown): Promise<unknown> {
    try {
      return await act();
    } catch (error) {
      for (const watch of faultWatchers) watch(error);
      throw error;
    }
  }

  function faulty<T extends object>(port: T): T {
    return new Proxy(port, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...parameters: unknown[]) => call(String(name), parameters, () => method.apply(target, parameters));
      },
    });
  }

  return {
    ports: {
      ...real,
      objects: faulty(real.objects),
      productSearch: faulty(real.productSearch),
      publisher: faulty(real.publisher),
      derivedImages: real.derivedImages && faulty(real.derivedImages),
    } satisfies Ports,

    /** The next calls of the method of that name (`*`: of any) throw; gives the answers that got lost. */
    failCall(name: string, error: unknown, options: FailOptions = {}): unknown[] {
      const lostAnswers: unknown[] = [];
      faults.push({ name, error, after: false, times: 1, when: () => true, ...options, lostAnswers });
      return lostAnswers;
    },

    /** Is told of every call, by the method's name. */
    onCall(watch: (name: string) => void): void {
      callWatchers.push(watch);
    },

    /** Is told of every error that a model throws. */
    onFault(watch: (error: unknown) => void): void {
      faultWatchers.push(watch);
    },

    /** How often the method of that name was called. */
    calls: (name: string): number => counts.get(name) ?? 0,
  };
}
