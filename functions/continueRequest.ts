/** A message on the continuations topic: this invocation goes on with the request, if nobody else works on it. */
import { http } from '@google-cloud/functions-framework';
import { receiveContinuation } from '../shared/engine/receiveContinuation';
import { depsOf, pushFunction } from '../shared/handler';

const subscription = (config: { continuationsTopic: string; continuationsSubscription?: string }) => ({
  topic: config.continuationsTopic,
  given: config.continuationsSubscription,
});

http('continueRequest', pushFunction(depsOf('continueRequest'), subscription, receiveContinuation));
