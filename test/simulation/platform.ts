/**
 * Pub/Sub, Eventarc and Cloud Scheduler as far as their users can rely on them: at least once, in any order, early or
 * late, and again although it was acknowledged. A continuation may be lost for good, and so may the event of a file.
 */
import type { PushMessage } from '../../shared/core/pushMessage';
import { advance } from '../../shared/engine/advance';
import { acceptDrop, type FinalizedFile } from '../../shared/engine/intake';
import { receiveCommand } from '../../shared/engine/receiveCommand';
import { receiveContinuation } from '../../shared/engine/receiveContinuation';
import { tick } from '../../shared/engine/tick';
import type { InvocationDeps, Invocations } from './invocations';
import type { Random } from './random';
import { PROJECT } from './services';
import type { Timeline } from './timeline';

export interface DeliveryRates {
  /** Delivered again although it was acknowledged. */
  repeated: number;
  /** Delivered twice at about the same time. */
  doubled: number;
  /** Minutes or hours late. */
  late: number;
  /** The event of a dropped file never comes; a continuation is dropped after its attempts. */
  lost: number;
  /** A tick does not fire. */
  tickLeftOut: number;
  /** A tick fires twice, as Cloud Scheduler may: at least once is all that it promises. */
  tickDoubled: number;
}

export const NO_TROUBLE: DeliveryRates = { repeated: 0, doubled: 0, late: 0, lost: 0, tickLeftOut: 0, tickDoubled: 0 };

export function chooseDeliveryRates(random: Random): DeliveryRates {
  const rate = (most: number) => (random.chance(0.4) ? 0 : (most * random.int(1, 100)) / 100);
  return {
    repeated: rate(0.3),
    doubled: rate(0.3),
    late: rate(0.2),
    lost: rate(0.3),
    tickLeftOut: rate(0.3),
    tickDoubled: rate(0.6),
  };
}

const ACK_DEADLINE_MS = 600_000;
const LONGEST_DELAY_MS = 3 * 3_600_000;
const CONTINUATION_ATTEMPTS = 5;

interface Delivery {
  name: string;
  requestId?: string;
  attempts: number;
  mostAttempts: number;
  acknowledged: boolean;
  act: (deps: InvocationDeps) => Promise<unknown>;
  done?: () => void;
}

export interface PlatformWorld {
  timeline: Timeline;
  random: Random;
  invocations: Invocations;
  rates(): DeliveryRates;
  subscriptionOf(topic: string): string;
  /** The event of the file of that request never comes. */
  lost(requestId: string): void;
  note(who: string, what: () => string): void;
}

export function createPlatform({ timeline, random, invocations, rates, subscriptionOf, lost, note }: PlatformWorld) {
  let pending = 0;
  let ticks = 0;
  let deliveries = 0;

  function delay(): number {
    return random.chance(rates().late) ? random.spread(10_000, LONGEST_DELAY_MS) : random.spread(5, 2_000);
  }

  function deliver(delivery: Delivery, ms: number): void {
    pending += 1;
    timeline.after(ms, () => {
      pending -= 1;
      if (!delivery.acknowledged) attempt(delivery);
    });
  }

  function attempt(delivery: Delivery): void {
    delivery.attempts += 1;
    let answered = false;
    pending += 1;
    const { name, requestId } = delivery;
    invocations.start({ name: `${name}.${delivery.attempts}`, requestId }, delivery.act, (outcome) => {
      if (!answered) settle(delivery, outcome);
      answered = true;
      pending -= 1;
    });
    timeline.after(ACK_DEADLINE_MS, () => {
      if (!answered) settle(delivery, 'died');
      answered = true;
    });
  }

  /** The first delivery of a message or an event. */
  function begin(delivery: Omit<Delivery, 'attempts' | 'acknowledged'>): void {
    const ms = delay();
    deliver({ ...delivery, attempts: 0, acknowledged: false }, ms);
    if (!random.chance(rates().doubled)) return;
    const again = { ...delivery, name: `${delivery.name}-again`, done: undefined, mostAttempts: 1 };
    deliver({ ...again, attempts: 0, acknowledged: false }, ms + random.spread(1, 60_000));
  }

  function settle(delivery: Delivery, outcome: string): void {
    if (outcome === 'returned') {
      delivery.acknowledged = true;
      delivery.done?.();
      if (random.chance(rates().repeated)) {
        deliver({ ...delivery, acknowledged: false, done: undefined, mostAttempts: delivery.attempts }, delay() * 10);
      }
      return;
    }
    if (delivery.attempts >= delivery.mostAttempts) note(delivery.name, () => 'is not delivered again');
    else deliver(delivery, Math.min(600_000, 10_000 * 2 ** Math.min(6, delivery.attempts - 1)));
  }

  function messageOf(topic: string, data: Buffer, messageId: string): PushMessage {
    const publishTime = new Date(timeline.now()).toISOString();
    const subscription = `projects/${PROJECT}/subscriptions/${subscriptionOf(topic)}`;
    return { messageId, publishTime, attributes: {}, data, subscription };
  }

  function fire(name: string, ms: number): void {
    timeline.after(ms, () => invocations.start({ name }, tick, () => undefined));
  }

  return {
    /** Deliveries that are still to come, and invocations that have not answered. */
    pending: () => pending,

    fileFinalized(file: FinalizedFile, requestId: string): void {
      deliveries += 1;
      const name = `file-${deliveries}`;
      if (random.chance(rates().lost)) {
        lost(requestId);
        note(name, () => `the event of ${file.name}#${file.generation} is lost`);
        return;
      }
      const act = async (deps: InvocationDeps) => {
        const accepted = await acceptDrop(file, deps, 'now');
        if (accepted?.kind === 'accepted') await advance(accepted.opened, deps);
      };
      begin({ name, requestId, mostAttempts: 1e9, act });
    },

    /** `done` is called when the message is acknowledged. */
    commandPublished(command: { topic: string; data: Buffer; messageId: string; requestId: string }, done: () => void) {
      const { topic, data, messageId, requestId } = command;
      const message = messageOf(topic, data, messageId);
      const act = (deps: InvocationDeps) => receiveCommand(message, deps);
      begin({ name: messageId, requestId, mostAttempts: 1e9, act, done });
    },

    continuationPublished(topic: string, data: Buffer): void {
      deliveries += 1;
      const { requestId } = JSON.parse(data.toString('utf8')) as { requestId: string };
      const message = messageOf(topic, data, `continuation-${deliveries}`);
      const mostAttempts = random.chance(rates().lost) ? 1 : CONTINUATION_ATTEMPTS;
      const act = (deps: InvocationDeps) => receiveContinuation(message, deps);
      begin({ name: message.messageId, requestId, mostAttempts, act });
    },

    /** Fires every so often from now on; two ticks overlap where one takes longer, and some do not come. */
    startTicks(everyMs: () => number, fired: () => void): void {
      timeline.after(everyMs(), () => {
        fired();
        ticks += 1;
        const name = `tick-${ticks}`;
        if (!random.chance(rates().tickLeftOut)) fire(name, 0);
        if (random.chance(rates().tickDoubled)) fire(`${name}-again`, random.spread(1, 5_000));
        this.startTicks(everyMs, fired);
      });
    },
  };
}

export type Platform = ReturnType<typeof createPlatform>;
