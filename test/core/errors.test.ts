import {
  ConfigurationError,
  faultClassOf,
  InvalidEventError,
  ServiceError,
  STATUS_CODES,
  type Status,
  statusOfCode,
  statusOfHttp,
} from '../../shared/core/errors';

describe('a status', () => {
  it.each(Object.entries(STATUS_CODES))('%s has the number %i, there and back', (name, code) => {
    expect(statusOfCode(code)).toBe(name);
  });

  it.each([-1, 17, 1.5, Number.NaN])('is UNKNOWN for the number %p, which is none', (code) => {
    expect(statusOfCode(code)).toBe('UNKNOWN');
  });

  it.each<[number, Status]>([
    [400, 'INVALID_ARGUMENT'],
    [401, 'UNAUTHENTICATED'],
    [403, 'PERMISSION_DENIED'],
    [404, 'NOT_FOUND'],
    [408, 'DEADLINE_EXCEEDED'],
    [409, 'ALREADY_EXISTS'],
    [412, 'FAILED_PRECONDITION'],
    [429, 'RESOURCE_EXHAUSTED'],
    [500, 'INTERNAL'],
    [501, 'UNIMPLEMENTED'],
    [502, 'UNAVAILABLE'],
    [503, 'UNAVAILABLE'],
    [504, 'DEADLINE_EXCEEDED'],
    [599, 'INTERNAL'],
    [418, 'UNKNOWN'],
  ])('of HTTP %i is %s', (http, status) => {
    expect(statusOfHttp(http)).toBe(status);
  });
});

describe('a fault', () => {
  it.each<[string, Status[]]>([
    ['transient', ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'INTERNAL', 'UNKNOWN', 'CANCELLED']],
    ['exhausted', ['RESOURCE_EXHAUSTED']],
    ['busy', ['ABORTED', 'FAILED_PRECONDITION']],
    ['configuration', ['PERMISSION_DENIED', 'UNAUTHENTICATED']],
    [
      'permanent',
      ['INVALID_ARGUMENT', 'NOT_FOUND', 'ALREADY_EXISTS', 'OUT_OF_RANGE', 'UNIMPLEMENTED', 'DATA_LOSS', 'OK'],
    ],
  ])('that is %s: %j', (faultClass, statuses) => {
    expect(statuses.map((status) => faultClassOf(new ServiceError('A.B', status, 'no')))).toEqual(
      statuses.map(() => faultClass),
    );
  });

  it.each([new TypeError('bug'), 'a string', null])(
    'that is no ServiceError (%p) may pass: it is never final',
    (error) => {
      expect(faultClassOf(error)).toBe('transient');
    },
  );

  it('says which call failed, how, and why', () => {
    const cause = new Error('socket closed');
    const error = new ServiceError('ProductSearch.DeleteProduct', 'UNAVAILABLE', 'try again', { cause });

    expect(error).toMatchObject({ name: 'ServiceError', call: 'ProductSearch.DeleteProduct', cause });
    expect(error.message).toBe('ProductSearch.DeleteProduct: UNAVAILABLE: try again');
  });

  it('of configuration lists everything at once, and one of an event keeps its name', () => {
    expect(new ConfigurationError(['A is required', 'B must be a bucket name']).message).toContain(
      'A is required; B must be a bucket name',
    );
    expect(new InvalidEventError('no body')).toMatchObject({ name: 'InvalidEventError', message: 'no body' });
  });
});
