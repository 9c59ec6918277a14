/** What a subscription hands out, and on what terms. */
import type { Message } from './message';

export interface Delivery {
  ackId: string;
  message: Message;
  /** How often the message has been handed out, this time included. */
  attempt: number;
}

export interface PullOrder {
  maxMessages: number;
  /** At least one message is given, however big it is. */
  maxBytes: number;
  ackDeadlineSeconds: number;
  /** Called once for each delivery, when it is acknowledged, given back or out of time. */
  onLeaseEnd?: (ackId: string) => void;
}
