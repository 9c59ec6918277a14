/** Writes CSV rows, for the import and for the reports. Pure. */

/** One row without a line end; a field is quoted where a comma, a quote or a line end in it asks for that. */
export function csvRow(fields: readonly (string | number)[]): string {
  return fields.map((field) => quoted(String(field))).join(',');
}

/** A field as it stands in a row. */
export function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

/**
 * The field with an apostrophe before it where a spreadsheet would take it for a formula
 * (https://owasp.org/www-community/attacks/CSV_Injection). For reports only, never for what is imported.
 */
export function defuse(field: string): string {
  return /^[=+\-@\t\r]/.test(field) ? `'${field}` : field;
}
