/** Kills function processes with SIGKILL at times that follow from a seed; the local system starts them again. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

type Functions = Record<string, { url: string; pid: number }>;

/** The functions that do the work: the console only reads. */
const VICTIMS = ['importProductSets', 'runCommand', 'continueRequest', 'pollOperations'];

export interface KillPlan {
  seed: number;
  /** The pause before each kill. */
  pauseMs: { least: number; most: number };
}

export interface Killer {
  /** Kills so far, by function. */
  kills: Record<string, number>;
  total(): number;
  /** Ends the killing; rejects where a kill was impossible for another reason than that the process was dead already. */
  stop(): Promise<void>;
}

export function startKiller(functions: () => Functions, { seed, pauseMs }: KillPlan): Killer {
  const random = xoroshiro128plus(seed);
  const kills: Record<string, number> = Object.fromEntries(VICTIMS.map((name) => [name, 0]));
  const dead = new Map<string, number>();
  let stopping = false;

  /** Those that run: a process that was killed is left alone until another one has taken its place. */
  function alive(): string[] {
    const now = functions();
    return VICTIMS.filter((name) => now[name] !== undefined && dead.get(name) !== now[name].pid);
  }

  function killOne(): void {
    const candidates = alive();
    if (candidates.length === 0) return;
    const name = candidates[uniformInt(random, 0, candidates.length - 1)] ?? '';
    const pid = functions()[name]?.pid ?? 0;
    // 0 and below are groups of processes, this one among them.
    if (pid <= 0) return;
    dead.set(name, pid);
    try {
      process.kill(pid, 'SIGKILL');
      kills[name] = (kills[name] ?? 0) + 1;
    } catch (error) {
      // It has ended by itself a moment ago, and is being started again.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  async function run(): Promise<void> {
    while (!stopping) {
      await new Promise((resolve) => setTimeout(resolve, uniformInt(random, pauseMs.least, pauseMs.most)));
      if (!stopping) killOne();
    }
  }

  const running = run();
  // Told by `stop`; until then nobody listens.
  running.catch(() => undefined);
  return {
    kills,
    total: () => Object.values(kills).reduce((sum, count) => sum + count, 0),
    async stop() {
      stopping = true;
      await running;
    },
  };
}
