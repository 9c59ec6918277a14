import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linesOf, readLogLines } from './logLines';

interface Row {
  message: string;
  severities: string[];
  files: string[];
}

function tableOf(document: string): Row[] {
  const rows = document.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) => {
    const [, message = '', severities = '', files = ''] = row.split('|').map((cell) => cell.trim());
    const names = [...files.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    return { message: message.slice(1, -1), severities: severities.split(', ').sort(), files: names.sort() };
  });
}

/** As the table has it: a message once, with all that write it. */
function grouped(): Row[] {
  const rows = new Map<string, Row>();
  for (const { message, severities, file } of readLogLines()) {
    const row = rows.get(message) ?? { message, severities: [], files: [] };
    rows.set(message, row);
    row.severities = [...new Set([...row.severities, ...severities])].sort();
    row.files = [...new Set([...row.files, file])].sort();
  }
  return [...rows.values()];
}

const byMessage = (one: Row, other: Row) => (one.message < other.message ? -1 : 1);

describe('docs/logs.md', () => {
  it('lists every line that the functions log, with its severities and its files, and no other', () => {
    const table = tableOf(readFileSync(join(__dirname, '../docs/logs.md'), 'utf8'));

    expect(table.length).toBeGreaterThan(20);
    expect(table.sort(byMessage)).toEqual(grouped().sort(byMessage));
  });
});

describe('the lines of a source', () => {
  it('are found with both of two severities, and both of two messages', () => {
    const source = "deps.log.write(a ? 'INFO' : 'ERROR', 'one');\nlog.write('INFO', a ? 'two' : 'three', { a });";

    expect(linesOf('a.ts', source)).toEqual([
      { message: 'one', severities: ['INFO', 'ERROR'], file: 'a.ts' },
      { message: 'two', severities: ['INFO'], file: 'a.ts' },
      { message: 'three', severities: ['INFO'], file: 'a.ts' },
    ]);
  });

  it.each([
    ['a message in which something varies', 'log.write("INFO", "ended " + id);'],
    ['a message that is made elsewhere', 'ports.log.write("INFO", message);'],
    ['a severity that is made elsewhere', 'this.log.write(severity, "ended");'],
  ])('are refused where they have %s', (_case, source) => {
    expect(() => linesOf('a.ts', source)).toThrow('a.ts: severity and message of a log line must be literals');
  });

  it('are not everything that is written', () => {
    expect(linesOf('a.ts', 'stream.write("INFO"); objects.write(name, body, {});')).toEqual([]);
  });
});
