/** A state in a word, with a colour that only repeats it. */
import type { Tone } from '../../../shared/console/words';

export function Badge({ label, tone }: { label: string; tone: Tone }) {
  return <span class={`badge ${tone}`}>{label}</span>;
}
