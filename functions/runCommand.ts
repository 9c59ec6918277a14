/** A message on the commands topic becomes a request, or an event that says why it is no command. */
import { receiveCommand } from '../shared/engine/receiveCommand';
import { depsOf, pushFunction } from '../shared/handler';
import { serve } from './framework/serve';

const subscription = (config: { commandsTopic: string; commandsSubscription?: string }) => ({
  topic: config.commandsTopic,
  given: config.commandsSubscription,
});

serve('runCommand', pushFunction(depsOf('runCommand'), subscription, receiveCommand));
