/** The console's own addresses, wherever it is mounted. */

/** An address relative to the page; the page may be at `/` or below a path without a slash at its end. */
export function consoleUrl(relative: string): string {
  const { origin, pathname } = window.location;
  return `${origin}${pathname.endsWith('/') ? pathname : `${pathname}/`}${relative}`;
}
