/** google.pubsub.v1.Subscriber.StreamingPull: messages as they come, within the flow control that the client asks for. */
import { Metadata, type ServerDuplexStream } from '@grpc/grpc-js';
import { statusErrorOf } from '../wire/call';
import { endStream, type StreamHandler } from '../wire/grpcService';
import { sizeOf } from './message';
import type { PubsubModel } from './model';
import { checkBounds, invalidArgument } from './refusals';
import { receivedMessages, refusePush } from './subscriberHandlers';
import { ACK_DEADLINE } from './subscriptionConfig';

interface StreamingPullRequest {
  subscription: string;
  ackIds: string[];
  modifyDeadlineSeconds: number[];
  modifyDeadlineAckIds: string[];
  streamAckDeadlineSeconds: number;
  maxOutstandingMessages: string;
  maxOutstandingBytes: string;
}

type Call = ServerDuplexStream<unknown, unknown>;

interface Stream {
  model: PubsubModel;
  call: Call;
  /** Empty until the first request. */
  subscription: string;
  ackDeadlineSeconds: number;
  maxMessages: number;
  maxBytes: number;
  /** Sizes of the messages that were sent and are not settled, by ack id. */
  outstanding: Map<string, number>;
  outstandingBytes: number;
  isPumpPlanned: boolean;
  isOver: boolean;
}

/** More than one response's worth is not taken at once, so that acknowledgements get their turn. */
const MAX_MESSAGES_A_RESPONSE = 1_000;

export function streamingPull(model: PubsubModel): StreamHandler {
  return (call) => {
    const stream: Stream = {
      model,
      call,
      subscription: '',
      ackDeadlineSeconds: ACK_DEADLINE.least,
      maxMessages: Number.POSITIVE_INFINITY,
      maxBytes: Number.POSITIVE_INFINITY,
      outstanding: new Map(),
      outstandingBytes: 0,
      isPumpPlanned: false,
      isOver: false,
    };
    const unwatch = model.watch((changed) => changed === stream.subscription && planPump(stream));
    function stop(): void {
      stream.isOver = true;
      unwatch();
    }
    call.sendMetadata(new Metadata());
    call.on('data', (request: StreamingPullRequest) => orEnd(stream, () => receive(stream, request)));
    call.on('end', () => {
      stop();
      call.end();
    });
    call.on('cancelled', stop);
    call.on('error', stop);
  };
}

/** Runs it; a refusal ends the stream with its status. */
function orEnd(stream: Stream, run: () => void): void {
  if (stream.isOver) return;
  try {
    run();
  } catch (error) {
    stream.isOver = true;
    endStream(stream.call, statusErrorOf(error));
  }
}

function receive(stream: Stream, request: StreamingPullRequest): void {
  const { model } = stream;
  if (stream.subscription === '') open(stream, request);
  else if (request.subscription !== '') {
    throw invalidArgument('The subscription must be set in the first request of a stream, and only there.');
  }
  if (request.streamAckDeadlineSeconds !== 0) {
    checkBounds('stream_ack_deadline_seconds', request.streamAckDeadlineSeconds, ACK_DEADLINE);
    stream.ackDeadlineSeconds = request.streamAckDeadlineSeconds;
  }
  if (request.modifyDeadlineAckIds.length !== request.modifyDeadlineSeconds.length) {
    throw invalidArgument('modify_deadline_seconds and modify_deadline_ack_ids must be of the same length.');
  }
  if (request.ackIds.length > 0) model.acknowledge(stream.subscription, request.ackIds);
  for (const [index, ackId] of request.modifyDeadlineAckIds.entries()) {
    model.modifyAckDeadline(stream.subscription, [ackId], request.modifyDeadlineSeconds[index] ?? 0);
  }
  planPump(stream);
}

function open(stream: Stream, request: StreamingPullRequest): void {
  refusePush(stream.model, request.subscription);
  stream.subscription = request.subscription;
  stream.ackDeadlineSeconds = stream.model.getSubscription(request.subscription).ackDeadlineSeconds;
  stream.maxMessages = limitOf(request.maxOutstandingMessages);
  stream.maxBytes = limitOf(request.maxOutstandingBytes);
}

/** 0 and less mean no limit (pubsub.proto, StreamingPullRequest). */
function limitOf(value: string): number {
  const limit = Number(value);
  return limit > 0 ? limit : Number.POSITIVE_INFINITY;
}

/** The model tells of a change in the middle of it; what the stream takes, it takes afterwards. */
function planPump(stream: Stream): void {
  if (stream.isPumpPlanned || stream.subscription === '') return;
  stream.isPumpPlanned = true;
  setImmediate(() => {
    stream.isPumpPlanned = false;
    orEnd(stream, () => pump(stream));
  });
}

function pump(stream: Stream): void {
  const { model, call, subscription } = stream;
  refusePush(model, subscription);
  const room = stream.maxMessages - stream.outstanding.size;
  if (room <= 0 || stream.outstandingBytes >= stream.maxBytes || call.writableNeedDrain) {
    if (call.writableNeedDrain) call.once('drain', () => planPump(stream));
    return;
  }
  const deliveries = model.pull(subscription, {
    maxMessages: Math.min(room, MAX_MESSAGES_A_RESPONSE),
    ackDeadlineSeconds: stream.ackDeadlineSeconds,
    onLeaseEnd: (ackId) => settle(stream, ackId),
  });
  if (deliveries.length === 0) return;
  for (const { ackId, message } of deliveries) {
    stream.outstanding.set(ackId, sizeOf(message));
    stream.outstandingBytes += sizeOf(message);
  }
  const { enableMessageOrdering: messageOrderingEnabled } = model.getSubscription(subscription);
  call.write({
    receivedMessages: receivedMessages(model, subscription, deliveries),
    subscriptionProperties: { exactlyOnceDeliveryEnabled: false, messageOrderingEnabled },
  });
}

function settle(stream: Stream, ackId: string): void {
  stream.outstandingBytes -= stream.outstanding.get(ackId) ?? 0;
  stream.outstanding.delete(ackId);
}
