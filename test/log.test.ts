import { ConfigurationError, InvalidEventError, ServiceError } from '../shared/core/errors';
import { LeaseLostError } from '../shared/engine/ownership';
import { createLog, errorFields, SILENT_LOG } from '../shared/log';

function written(act: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  act(createLog((line) => lines.push(line), { function: 'runCommand' }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the log', () => {
  it('writes one JSON object a line, with what Cloud Logging reads', () => {
    const [line] = written((log) => log.write('NOTICE', 'purge started', { operationName: 'operations/1' }));

    expect(line).toEqual({
      severity: 'NOTICE',
      message: 'purge started',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      function: 'runCommand',
      operationName: 'operations/1',
    });
  });

  it('keeps the fields of a child on each of its lines, and not on those of its parent', () => {
    const lines = written((log) => {
      const child = log.with({ requestId: 'cmd-1' });
      child.with({ step: 'claim' }).write('INFO', 'one');
      child.write('INFO', 'two', { requestId: 'cmd-2' });
      log.write('INFO', 'three');
    });

    expect(lines).toMatchObject([{ requestId: 'cmd-1', step: 'claim' }, { requestId: 'cmd-2' }, {}]);
    expect(lines[1]).not.toHaveProperty('step');
    expect(lines[2]).not.toHaveProperty('requestId');
  });

  it('is one line whatever the text holds', () => {
    const lines: string[] = [];
    createLog((line) => lines.push(line)).write('ERROR', 'refused', { error: 'a\nb\r\u2028c' });

    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(/[\n\r]/);
  });

  it('has Error Reporting take an error that has no stack, and leaves one that has a stack as it is', () => {
    const [expected, bug, warning] = written((log) => {
      log.write('ERROR', 'refused', errorFields(new InvalidEventError('no body')));
      log.write('ERROR', 'invocation failed', errorFields(new Error('bug')));
      log.write('WARNING', 'step met a fault');
    });

    expect(expected?.['@type']).toMatch(/\.v1beta1\.ReportedErrorEvent$/);
    expect(bug).toHaveProperty('stack_trace');
    expect([bug, warning].map((line) => line && '@type' in line)).toEqual([false, false]);
  });

  it('that is silent has silent children', () => {
    expect(SILENT_LOG.with({ a: 1 })).toBe(SILENT_LOG);
    expect(SILENT_LOG.write('ERROR', 'nobody hears this')).toBeUndefined();
  });
});

describe('the fields of an error', () => {
  it.each<[string, Error]>([
    ['ServiceError', new ServiceError('A.B', 'UNAVAILABLE', 'try again')],
    ['ConfigurationError', new ConfigurationError(['A is required'])],
    ['InvalidEventError', new InvalidEventError('no body')],
    ['LeaseLostError', new LeaseLostError('cmd-1')],
  ])('that is expected are its message alone: %s', (_name, error) => {
    expect(errorFields(error)).toEqual({ error: error.message });
  });

  it.each<[string, Error]>([
    ['Error', new Error('bug')],
    ['TypeError', new TypeError('bug')],
    ['RangeError', new RangeError('bug')],
    ['SyntaxError', new SyntaxError('bug')],
    ['ReferenceError', new ReferenceError('bug')],
  ])('that is a bug have its stack: %s', (_name, error) => {
    expect(errorFields(error)).toEqual({ error: 'bug', stack_trace: expect.stringContaining('log.test.ts') });
  });

  it.each([
    ['text', 'text'],
    [undefined, 'undefined'],
    [{ code: 5 }, '[object Object]'],
  ])('of what is no error (%p) say what it is', (thrown, error) => {
    expect(errorFields(thrown)).toEqual({ error });
  });
});
