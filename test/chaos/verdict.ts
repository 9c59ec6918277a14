/** What is wrong with two runs of the same script, one of them under kills. Pure. */
import { differences } from './compare';
import type { RunResult } from './run';

/** So many kills hit somebody at work: where no lease was taken over, nobody was, and nothing was proved. */
const KILLS_THAT_HIT = 20;

type Judged = Pick<RunResult, 'state' | 'broken' | 'kills' | 'takenOver'>;

/** One sentence for each fault: a broken promise, a difference, or kills that came to nothing. */
export function verdict(undisturbed: Judged, killed: Judged): string[] {
  const kills = killsOf(killed);
  return [
    ...undisturbed.broken.map((fault) => `undisturbed: ${fault}`),
    ...killed.broken.map((fault) => `under kills: ${fault}`),
    ...(kills >= KILLS_THAT_HIT && killed.takenOver === 0
      ? [`under kills: ${kills} kills, and no lease was taken over: nobody was hit at work, which proves nothing`]
      : []),
    ...differences({ name: 'undisturbed', state: undisturbed.state }, { name: 'under kills', state: killed.state }),
  ];
}

export function killsOf({ kills }: Pick<RunResult, 'kills'>): number {
  return Object.values(kills).reduce((sum, count) => sum + count, 0);
}
