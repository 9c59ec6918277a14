/** The tables of the Markdown files that are made from terraform/, between two marks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HclModule, Tree } from './hcl';
import { ROOT } from './terraform';

const BEGIN = '<!-- BEGIN_TF_DOCS -->';
const END = '<!-- END_TF_DOCS -->';

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`);
  return lines.join('\n');
}

function defaultOf(variable: Tree): string {
  if (!('default' in variable)) return 'required';
  return `\`${JSON.stringify(variable.default)}\``;
}

/** `${optional(string)}` and the like as one reads it in the source. */
function typeOf(variable: Tree): string {
  const text = String(variable.type).replace(/^\$\{([\s\S]*)\}$/, '$1');
  return `\`${text
    .replaceAll(/\{\s*\n\s*/g, '{ ')
    .replaceAll(/\s*\n\s*\}/g, ' }')
    .replaceAll(/\s*\n\s*/g, ', ')
    .replaceAll(/ +/g, ' ')}\``;
}

export function variablesTable(module: HclModule): string {
  const rows = Object.entries(module.variables).map(([name, variable]) => [
    `\`${name}\``,
    String(variable.description),
    typeOf(variable),
    defaultOf(variable),
  ]);
  return table(['variable', 'what it is', 'type', 'default'], rows);
}

export function outputsTable(module: HclModule): string {
  const rows = Object.entries(module.outputs).map(([name, output]) => [`\`${name}\``, String(output.description)]);
  return table(['output', 'what it is'], rows);
}

/**
 * What stands between the marks of a file, and `wanted`, to compare; with `UPDATE_TABLES=true` in the environment the file
 * is written first.
 */
export function betweenMarks(path: string, wanted: string): { found: string; wanted: string } {
  const file = join(ROOT, path);
  const whole = readFileSync(file, 'utf8');
  const [before, rest] = whole.split(`${BEGIN}\n`);
  const [found, after] = (rest ?? '').split(`${END}\n`);
  if (before === undefined || found === undefined || after === undefined)
    throw new Error(`${path} lacks ${BEGIN} … ${END}`);
  if (process.env.UPDATE_TABLES === 'true') writeFileSync(file, `${before}${BEGIN}\n${wanted}\n${END}\n${after}`);
  return { found: found.trimEnd(), wanted };
}
