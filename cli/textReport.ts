/** The report for people: of each file its errors, then its warnings, both in the order of lines, then one line of sums. */
import type { Problem } from '../shared/core/problem';
import type { FileSummary, LintReport } from './lintReport';

type Paint = (text: string) => string;

interface Colours {
  red: Paint;
  yellow: Paint;
  green: Paint;
  dim: Paint;
  bold: Paint;
}

/** What is kept of a file until its end: no more problems of either severity than are shown. */
interface Kept {
  errors: Problem[];
  warnings: Problem[];
  counts: Map<string, number>;
}

export function createTextReport(maxProblems: number, isColoured: boolean): LintReport {
  const colours = coloursOf(isColoured);
  let kept: Kept = { errors: [], warnings: [], counts: new Map() };

  function keep(problem: Problem): void {
    kept.counts.set(problem.code, (kept.counts.get(problem.code) ?? 0) + 1);
    const list = problem.severity === 'warning' ? kept.warnings : kept.errors;
    if (list.length < maxProblems) list.push(problem);
  }

  return {
    problems(_file, problems) {
      for (const problem of problems) keep(problem);
      return '';
    },
    end(summary) {
      const shown = [...kept.errors, ...kept.warnings].slice(0, maxProblems);
      const rows = shown.map((problem) => problemRow(summary.file, problem, colours));
      const rest = restRow(kept.counts, shown);
      kept = { errors: [], warnings: [], counts: new Map() };
      return [...rows, ...(rest === '' ? [] : [colours.dim(rest)]), sumRow(summary, colours), ''].join('\n');
    },
    unreadable: () => '',
  };
}

function problemRow(file: string, { line, column, severity, code, message }: Problem, colours: Colours): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  const kind = severity === 'warning' ? colours.yellow('warning') : colours.red('error');
  return `${colours.bold(place)}: ${kind} ${code}: ${message}`;
}

/** How many more there are of each code, most of them first. */
function restRow(counts: ReadonlyMap<string, number>, shown: readonly Problem[]): string {
  const hidden = new Map(counts);
  for (const { code } of shown) hidden.set(code, (hidden.get(code) ?? 0) - 1);
  const left = [...hidden].filter(([, count]) => count > 0).sort(([, one], [, other]) => other - one);
  const total = left.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return '';
  return `… and ${number(total)} more: ${left.map(([code, count]) => `${number(count)} × ${code}`).join(', ')}`;
}

function sumRow(summary: FileSummary, colours: Colours): string {
  const { file, ok, lines, valid, invalid, errors, warnings, products, productSets, images } = summary;
  const verdict = ok ? colours.green('ok') : colours.red('not ok');
  const checked = `${counted(lines, 'line')}, ${number(valid)} valid, ${number(invalid)} invalid`;
  const found = `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
  const content = `${counted(products, 'product')} in ${counted(productSets, 'product set')}, ${counted(images, 'image')}`;
  return `${colours.bold(file)}: ${verdict}: ${checked}; ${found}; ${content}`;
}

function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}

function coloursOf(isColoured: boolean): Colours {
  const paint = (code: number) => (text: string) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { red: paint(31), yellow: paint(33), green: paint(32), dim: paint(2), bold: paint(1) };
}
