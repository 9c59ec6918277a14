/** Serves the model as `google.cloud.vision.v1.ProductSearch` and `google.longrunning.Operations`, gRPC and REST. */
import protos from '@google-cloud/vision/build/protos/protos.json';
import protobuf from 'protobufjs';
import { createFaults, type Faults } from '../wire/faults';
import { startProtoService } from '../wire/service';
import { createHandlers } from './handlers';
import type { ProductSearchModel } from './model';

export interface ProductSearchServerOptions {
  model: ProductSearchModel;
  /** 0 takes a free one. */
  port: number;
  host: string;
}

export interface ProductSearchServer {
  port: number;
  /** `http://host:port`, no slash at the end. */
  url: string;
  /** What `/_faults` adds to. */
  faults: Faults;
  /** Ends at once. */
  close(): Promise<void>;
}

/** vision_v1.yaml of googleapis/googleapis binds these in addition to the protos' own `operations/**`. */
const OPERATION_BINDINGS = [
  { get: '/v1/{name=projects/*/operations/*}' },
  { get: '/v1/{name=projects/*/locations/*/operations/*}' },
  { get: '/v1/{name=locations/*/operations/*}' },
];

/** Any project is served, each with its own resources. Rejects with the system's error where the port cannot be had. */
export async function startProductSearchServer(options: ProductSearchServerOptions): Promise<ProductSearchServer> {
  const faults = createFaults();
  const root = protobuf.Root.fromJSON(protos);
  const service = await startProtoService({
    protos,
    services: createHandlers(options.model, packWith(root)),
    extraBindings: { 'google.longrunning.Operations.GetOperation': OPERATION_BINDINGS },
    faults,
    port: options.port,
    host: options.host,
  });
  return { ...service, faults };
}

function packWith(root: protobuf.Root) {
  return (name: string, message: object) => {
    const type = root.lookupType(`google.cloud.vision.v1.${name}`);
    const value = Buffer.from(type.encode(type.fromObject(message)).finish());
    return { type_url: `type.googleapis.com/${type.fullName.slice(1)}`, value };
  };
}
