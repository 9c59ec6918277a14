/** One finding about something that a user wrote: a CSV line or a command. Absent severity means error. */
export interface Problem {
  code: string;
  /** Says what is wrong, shows the offending value shortened, and says what would be right. */
  message: string;
  /** Physical line of the dropped file, from 1. */
  line?: number;
  /** Column of the CSV, 1 to 8. */
  column?: number;
  /** Path of the field in a command, such as `productIds[3]`. */
  field?: string;
  severity?: 'warning';
}

const SHOWN_CHARACTERS = 60;

/** The value in quotes for a message: at most 60 characters of it, with everything invisible escaped as in JSON. */
export function shownValue(value: string): string {
  const head = [...value.slice(0, 2 * SHOWN_CHARACTERS)].slice(0, SHOWN_CHARACTERS).join('');
  const escaped = JSON.stringify(head).replace(/[^\P{C}]|[^\P{Z} ]/gu, escapeCharacter);
  return head.length < value.length ? `${escaped.slice(0, -1)}…"` : escaped;
}

function escapeCharacter(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
