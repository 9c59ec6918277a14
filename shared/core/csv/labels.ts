/** The labels column: `key=value` pairs between commas. Pure. */
import { shownValue } from '../problem';
import { LABELS_A_PRODUCT, labelPartFault } from '../productLabel';
import type { ReadColumn } from './boundingPoly';

/**
 * The labels without the blanks around keys and values, or what is wrong with them. How a comma or a second `=` inside
 * a value would be written is documented nowhere, so neither is allowed.
 */
export function readLabels(text: string): ReadColumn {
  if (text.trim() === '') return { value: '' };
  const pairs = text.split(',').map((pair) => pair.split('=').map((part) => part.trim()));
  if (pairs.length > LABELS_A_PRODUCT)
    return { fault: `holds ${pairs.length} labels; at most ${LABELS_A_PRODUCT} are allowed` };
  const faults = pairs.map(pairFault).filter((fault) => fault !== null);
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more like it)` : '';
  if (faults.length > 0) return { fault: `${faults[0]}${more}` };
  return { value: pairs.map((pair) => pair.join('=')).join(',') };
}

function pairFault(pair: readonly string[]): string | null {
  const [key = '', value = ''] = pair;
  if (pair.length === 1 && key === '') return 'holds an empty label; give key=value pairs, and no comma at the end';
  if (pair.length === 1) return `holds ${shownValue(key)}, which has no "="; give key=value`;
  if (pair.length > 2) {
    return `holds ${shownValue(pair.join('='))}, which has more than one "="; give key=value, with a comma between labels`;
  }
  const keyFault = labelPartFault(key);
  if (keyFault !== null) return `holds ${shownValue(pair.join('='))}, whose key ${keyFault}`;
  const valueFault = labelPartFault(value);
  return valueFault === null ? null : `holds ${shownValue(pair.join('='))}, whose value ${valueFault}`;
}
