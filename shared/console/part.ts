/** A part of the page that is read by itself, so that one that cannot be read takes no other with it. */
import type { Log } from '../ports';
import { faultText } from './faultText';

/** What was read, or why it could not be. */
export type Part<T> = { value: T; error?: undefined } | { error: string; value?: undefined };

/** Never rejects. `name` stands in the log. */
export async function readPart<T>(name: string, log: Log, read: () => Promise<T>): Promise<Part<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    return { error: faultText(error, log, name) };
  }
}
