/** Nothing of ours throws what nobody expects: such a fault is repeated for a day and ends the request as failed. */
import type { Rule } from './rule';

export const bugs: Rule = (_world, violated) => ({
  logged(invocation, _severity, message, fields) {
    if (fields.stack_trace !== undefined) violated(`${invocation.name}: ${message}: ${fields.stack_trace}`);
  },
});
