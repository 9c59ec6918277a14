/** Serves protobuf services, described by a client package's own `protos.json`, over gRPC and REST on one port. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as grpc from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import protobuf from 'protobufjs';
import type { Method, UnaryHandler } from './call';
import type { Faults } from './faults';
import { addGrpcService, type StreamHandler } from './grpcService';
import { type HttpRule, type Route, routesOf } from './httpRule';
import { listenBoth } from './port';
import { PLAIN_OBJECTS } from './protoJson';
import { createRestListener, MAX_MESSAGE_BYTES } from './rest';

export interface ProtoServiceOptions {
  /** The root as protobufjs writes it: the content of `build/protos/protos.json`. */
  protos: object;
  /** Service → method → handler. Methods of these services that have no handler answer UNIMPLEMENTED. */
  services: Record<string, Record<string, UnaryHandler>>;
  /** Service → bidirectional streaming method → handler; gRPC only. */
  streams?: Record<string, Record<string, StreamHandler>>;
  /** More routes than the protos declare, by full method name: `google.longrunning.Operations.GetOperation`. */
  extraBindings?: Record<string, HttpRule[]>;
  /** Sees every HTTP request before the routes and says whether it answers it. */
  extraHttp?: (req: IncomingMessage, res: ServerResponse) => boolean;
  faults: Faults;
  /** 0 takes a free one. */
  port: number;
  host: string;
}

export interface RunningService {
  port: number;
  /** `http://host:port`, no slash at the end. */
  url: string;
  /** Ends at once, calls in flight included. */
  close(): Promise<void>;
}

/** Resolves once the port is open; rejects with the system's error where it cannot be had. */
export async function startProtoService(options: ProtoServiceOptions): Promise<RunningService> {
  const closing = new AbortController();
  const protos = options.protos as protobuf.INamespace;
  const root = protobuf.Root.fromJSON(protos);
  root.resolveAll();
  const definitions = fromJSON(protos, PLAIN_OBJECTS);
  const server = new grpc.Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': -1,
  });
  const routes: Route<Method>[] = [];
  const names: string[] = [];
  for (const [service, handlers] of Object.entries(options.services)) {
    const streams = options.streams?.[service] ?? {};
    const methods = methodsOf(root.lookupService(service), handlers, streams);
    const definition = definitions[service] as grpc.ServiceDefinition;
    addGrpcService(server, { definition, methods, streams, faults: options.faults, signal: closing.signal });
    names.push(...methods.map((method) => method.name));
    routes.push(...methods.flatMap((method) => restRoutes(root, method, options.extraBindings ?? {})));
  }
  const { faults, extraHttp } = options;
  const http = createRestListener({ routes, methods: names, faults, extraHttp, signal: closing.signal });
  const open = await listenBoth({ port: options.port, host: options.host, http, grpc: server });
  return {
    port: open.port,
    url: `http://${options.host}:${open.port}`,
    close() {
      closing.abort();
      return open.close();
    },
  };
}

function methodsOf(
  service: protobuf.Service,
  handlers: Record<string, UnaryHandler>,
  streams: Record<string, StreamHandler>,
): Method[] {
  const name = service.fullName.slice(1);
  const known = new Set(service.methodsArray.map((method) => method.name));
  const unknown = [...Object.keys(handlers), ...Object.keys(streams)].filter((each) => !known.has(each));
  if (unknown.length > 0) throw new Error(`${name} has no method ${unknown.join(', ')}`);
  return service.methodsArray.map((method) => {
    method.resolve();
    const { resolvedRequestType: requestType, resolvedResponseType: responseType } = method;
    if (!requestType || !responseType) throw new Error(`${name}.${method.name} has a type that its protos lack`);
    return { service: name, name: method.name, requestType, responseType, handler: handlers[method.name] };
  });
}

function restRoutes(root: protobuf.Root, method: Method, extra: Record<string, HttpRule[]>): Route<Method>[] {
  const reflected = root.lookupService(method.service).methods[method.name];
  const options: Record<string, unknown>[] = reflected?.parsedOptions ?? [];
  const declared = options.flatMap((option) => {
    const rule = option['(google.api.http)'];
    return rule ? [rule as HttpRule] : [];
  });
  const rules = [...declared, ...(extra[`${method.service}.${method.name}`] ?? [])];
  return rules.flatMap((rule) => routesOf(rule, method));
}
