import { traceFields } from '../../shared/core/trace';

const ID = '0123456789abcdef0123456789abcdef';

function fieldsOf(headers: Record<string, string | string[]>) {
  const fields = traceFields(headers, 'my-project');
  return [
    fields['logging.googleapis.com/trace'],
    fields['logging.googleapis.com/spanId'],
    fields['logging.googleapis.com/trace_sampled'],
  ];
}

describe('the trace of a request', () => {
  it.each([
    ['traceparent', `00-${ID}-00f067aa0ba902b7-01`, '00f067aa0ba902b7', true],
    ['traceparent', `00-${ID}-00f067aa0ba902b7-00`, '00f067aa0ba902b7', false],
    ['traceparent', `cc-${ID}-00f067aa0ba902b7-03-later`, '00f067aa0ba902b7', true],
    ['x-cloud-trace-context', `${ID}/67667974448284343;o=1`, '00f067aa0ba902b7', true],
    ['x-cloud-trace-context', `${ID}/18446744073709551615;o=0`, 'ffffffffffffffff', false],
    ['x-cloud-trace-context', ID.toUpperCase(), undefined, false],
    ['x-cloud-trace-context', `${ID}/0;o=1`, undefined, true],
  ])('is read from %s: %s', (header, text, spanId, isSampled) => {
    expect(fieldsOf({ [header]: text })).toEqual([`projects/my-project/traces/${ID}`, spanId, isSampled]);
  });

  it('is that of traceparent where both are given', () => {
    const other = ID.replaceAll('0', '1');
    const fields = fieldsOf({ traceparent: `00-${ID}-00f067aa0ba902b7-01`, 'x-cloud-trace-context': `${other}/1` });

    expect(fields[0]).toContain(ID);
  });

  it.each<[string, Record<string, string | string[]>]>([
    ['nothing', {}],
    ['no trace', { traceparent: 'yes' }],
    ['a version that never is', { traceparent: `ff-${ID}-00f067aa0ba902b7-01` }],
    ['zeros', { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` }],
    ['zeros as span', { traceparent: `00-${ID}-${'0'.repeat(16)}-01` }],
    ['zeros of the older kind', { 'x-cloud-trace-context': `${'0'.repeat(32)}/1;o=1` }],
    ['more than an id', { 'x-cloud-trace-context': `${ID}/1;o=1\n{"severity":"ALERT"}` }],
    ['two headers', { traceparent: [`00-${ID}-00f067aa0ba902b7-01`] }],
  ])('is none where the request says %s', (_case, headers) => {
    expect(traceFields(headers, 'my-project')).toEqual({});
  });
});
