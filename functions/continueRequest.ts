/** A message on the continuations topic: this invocation goes on with the request, if nobody else works on it. */
import { receiveContinuation } from '../shared/engine/receiveContinuation';
import { depsOf, pushFunction } from '../shared/handler';
import { serve } from './framework/serve';

const subscription = (config: { continuationsTopic: string; continuationsSubscription?: string }) => ({
  topic: config.continuationsTopic,
  given: config.continuationsSubscription,
});

serve('continueRequest', pushFunction(depsOf('continueRequest'), subscription, receiveContinuation));
