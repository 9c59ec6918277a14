/** Cloud Pub/Sub in memory, with the service's own rules and refusals (`StatusError`); no wire, and time as a port. */
import type { Clock } from '../../shared/ports';
import { createDeliveries, type Deliveries } from './deliveries';
import { createState } from './state';
import { createSubscriptions, type Subscriptions } from './subscriptions';
import { createTopics, type Topics } from './topics';

export interface PubsubModel extends Topics, Subscriptions, Deliveries {
  clock: Clock;
}

export function createPubsubModel({ clock }: { clock: Clock }): PubsubModel {
  const state = createState(clock);
  return { clock, ...createTopics(state), ...createSubscriptions(state), ...createDeliveries(state) };
}
