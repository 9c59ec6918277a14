/** A message on the commands topic becomes a request, or an event that says why it is no command. */
import { http } from '@google-cloud/functions-framework';
import { receiveCommand } from '../shared/engine/receiveCommand';
import { depsOf, pushFunction } from '../shared/handler';

const subscription = (config: { commandsTopic: string; commandsSubscription?: string }) => ({
  topic: config.commandsTopic,
  given: config.commandsSubscription,
});

http('runCommand', pushFunction(depsOf('runCommand'), subscription, receiveCommand));
