/** Serves methods over gRPC from the same handlers as REST. */
import type * as grpc from '@grpc/grpc-js';
import { STATUS_CODES } from '../../shared/core/errors';
import type { StatusError } from '../statusError';
import { callMethod, type Method, statusErrorOf, takeFault } from './call';
import type { Faults } from './faults';

export type StreamHandler = (call: grpc.ServerDuplexStream<unknown, unknown>) => void;

export interface GrpcServiceOptions {
  definition: grpc.ServiceDefinition;
  methods: readonly Method[];
  streams: Record<string, StreamHandler>;
  faults: Faults;
  /** Aborted when the service closes. */
  signal: AbortSignal;
}

export function addGrpcService(server: grpc.Server, options: GrpcServiceOptions): void {
  const implementation: grpc.UntypedServiceImplementation = {};
  for (const method of options.methods) {
    const stream = options.streams[method.name];
    implementation[method.name] = stream ? duplexOf(options, method, stream) : unaryOf(options, method);
  }
  server.addService(options.definition, implementation);
}

function unaryOf({ faults, signal }: GrpcServiceOptions, method: Method): grpc.handleUnaryCall<object, object> {
  return (call, callback) => {
    const context = { signal: callSignal(call, signal) };
    callMethod(faults, method, call.request, context).then(
      (response) => callback(null, response),
      (error: unknown) => callback(statusOf(statusErrorOf(error))),
    );
  };
}

function duplexOf(
  { faults, signal }: GrpcServiceOptions,
  method: Method,
  handler: StreamHandler,
): grpc.handleBidiStreamingCall<unknown, unknown> {
  return (call) => {
    takeFault(faults, method.name, { signal: callSignal(call, signal) }).then(
      () => handler(call),
      (error: unknown) => endStream(call, statusErrorOf(error)),
    );
  };
}

/** Ends a stream with a status other than OK. */
export function endStream(call: grpc.ServerDuplexStream<unknown, unknown>, error: StatusError): void {
  call.emit('error', statusOf(error));
}

function statusOf(error: StatusError): Partial<grpc.StatusObject> {
  // An error without a code, or with OK, would leave the caller waiting.
  const code = error.code === STATUS_CODES.OK ? STATUS_CODES.UNKNOWN : error.code;
  return { code, details: error.message };
}

function callSignal(call: grpc.ServerUnaryCall<unknown, unknown> | StreamCall, closing: AbortSignal): AbortSignal {
  const gone = new AbortController();
  call.on('cancelled', () => gone.abort());
  return AbortSignal.any([gone.signal, closing]);
}

type StreamCall = grpc.ServerDuplexStream<unknown, unknown>;
