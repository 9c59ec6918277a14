import { ServiceError } from '../../shared/core/errors';
import { errorFields } from '../../shared/log';
import type { Invocation } from './invocations';
import { bugs } from './rules/bugs';
import type { RuleWorld } from './rules/rule';

const INVOCATION = { name: 'command-1.1' } as Invocation;

/** What the rule says of a log line about that error. */
function toldOf(error: unknown): string[] {
  const told: string[] = [];
  const hooks = bugs({} as RuleWorld, (what) => told.push(what));
  hooks.logged?.(INVOCATION, 'WARNING', 'step met a fault', errorFields(error));
  return told;
}

describe('the rule about bugs', () => {
  it('tells what is logged of an error that nobody throws on purpose', () => {
    expect(toldOf(new TypeError('x is not a function'))).toEqual([
      expect.stringMatching(/^command-1\.1: step met a fault: TypeError: x is not a function\n/),
    ]);
  });

  it('says nothing of the fault of a service', () => {
    expect(toldOf(new ServiceError('Storage.Read', 'UNAVAILABLE', 'no answer'))).toEqual([]);
  });
});
