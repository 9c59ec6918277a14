/** One call of a method, however it came in: faults on demand first, then the handler; what it throws is a StatusError. */
import { setTimeout as wait } from 'node:timers/promises';
import type protobuf from 'protobufjs';
import { STATUS_CODES, statusOfHttp } from '../../shared/core/errors';
import { StatusError } from '../statusError';
import type { Fault, Faults } from './faults';

export interface CallContext {
  /** Aborted when the caller goes away or the service closes. */
  signal: AbortSignal;
}

/** Handlers are declared with the request type they expect; the table that holds them all knows none of these types. */
export type UnaryHandler = (request: never, context: CallContext) => object | Promise<object>;

export interface Method {
  /** `google.pubsub.v1.Publisher` */
  service: string;
  /** `Publish` */
  name: string;
  requestType: protobuf.Type;
  responseType: protobuf.Type;
  handler?: UnaryHandler;
}

export async function callMethod(
  faults: Faults,
  method: Method,
  request: object,
  context: CallContext,
): Promise<object> {
  try {
    const fault = await takeFault(faults, method.name, context);
    if (!method.handler) throw new StatusError(STATUS_CODES.UNIMPLEMENTED, notImplemented(method));
    const response = await method.handler(request as never, context);
    if (fault) throw faultError(method.name, fault);
    return response;
  } catch (error) {
    throw statusErrorOf(error);
  }
}

/** Delays and fails as the next matching fault asks; gives it back if it is to hit after the effect. */
export async function takeFault(faults: Faults, name: string, context: CallContext): Promise<Fault | null> {
  const fault = faults.take(name);
  if (!fault) return null;
  if (fault.delayMs > 0) await wait(fault.delayMs, undefined, { signal: context.signal });
  if (fault.code === STATUS_CODES.OK) return null;
  if (!fault.afterEffect) throw faultError(name, fault);
  return fault;
}

export function statusErrorOf(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return new StatusError(STATUS_CODES.CANCELLED, 'The call was cancelled.', { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new StatusError(STATUS_CODES.INTERNAL, `Internal error: ${message}`, { cause: error });
}

function faultError(name: string, fault: Fault): StatusError {
  const when = fault.afterEffect ? 'after' : 'before';
  const code = fault.code < 400 ? fault.code : STATUS_CODES[statusOfHttp(fault.code)];
  return new StatusError(code, `A fault on demand: ${name} fails ${when} its effect.`);
}

function notImplemented(method: Method): string {
  return `${method.service}.${method.name} is not part of this local service.`;
}
