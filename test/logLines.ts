/** Every line that the functions can log, read from the sources: severity, static message, and the file that writes it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';

export interface LogLine {
  message: string;
  severities: string[];
  file: string;
}

const ROOT = join(__dirname, '..');
const SEVERITIES = new Set(['DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR']);

type Node = Record<string, unknown>;

/** What the functions are made of; the local services have a log of their own. */
export function readLogLines(): LogLine[] {
  return ['functions', 'shared'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts') && !path.includes('page'))
      .flatMap((path) => linesOf(`${folder}/${path}`, readFileSync(join(ROOT, folder, path), 'utf8'))),
  );
}

/** Throws for a call whose severity or message is no literal: such a line could neither be found nor alerted on. */
export function linesOf(file: string, text: string): LogLine[] {
  const lines: LogLine[] = [];
  walk(parseSync(text, { syntax: 'typescript', tsx: file.endsWith('.tsx') }), (node) => {
    if (node.type !== 'CallExpression' || !isWrite(node.callee as Node)) return;
    const [severity, message] = (node.arguments as { expression: Node }[]).map(({ expression }) =>
      literals(expression),
    );
    const isSeverity = severity !== undefined && severity.length > 0 && severity.every((name) => SEVERITIES.has(name));
    if (!isLog(node.callee as Node) && (!isSeverity || message === undefined)) return;
    if (!isSeverity || message === undefined || message.length === 0) {
      throw new Error(`${file}: severity and message of a log line must be literals`);
    }
    lines.push(...message.map((one) => ({ message: one, severities: severity, file })));
  });
  return lines;
}

function isWrite({ type, property }: Node): boolean {
  return type === 'MemberExpression' && (property as Node).value === 'write';
}

/** `log.write` or `….log.write`. */
function isLog({ object }: Node): boolean {
  const { type, value, property } = object as Node;
  return type === 'Identifier' ? value === 'log' : (property as Node | undefined)?.value === 'log';
}

/** A literal, or the two of a choice between literals. */
function literals(node: Node): string[] {
  if (node.type === 'StringLiteral') return [String(node.value)];
  if (node.type !== 'ConditionalExpression') return [];
  const [one, other] = [literals(node.consequent as Node), literals(node.alternate as Node)];
  return one.length > 0 && other.length > 0 ? [...one, ...other] : [];
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (value === null || typeof value !== 'object') return;
  if (!Array.isArray(value) && typeof (value as Node).type === 'string') visit(value as Node);
  for (const part of Object.values(value)) walk(part, visit);
}
