/**
 * Stands in for Terraform's providers: serves their schemas over Terraform's plugin protocol and accepts every valid
 * configuration, so that `validate` and `test` (with `mock_provider`) run without plugins and without a network.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { type Block, PROVIDERS, type ProviderSchema } from './providerSchema';

export interface StandIn {
  /** For the environment of terraform: where the providers are. */
  reattach: string;
  stop(): Promise<void>;
}

type Unary = grpc.handleUnaryCall<{ config?: unknown }, unknown>;

/** Starts a server on a socket for each provider, in this process. */
export async function startStandIn(): Promise<StandIn> {
  const folder = await mkdtemp(join(tmpdir(), 'terraform-stand-in-'));
  const servers: grpc.Server[] = [];
  const addresses: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(PROVIDERS)) {
    const socket = join(folder, `${name.replace('/', '-')}.sock`);
    servers.push(await serve(schema, socket));
    addresses[`registry.terraform.io/${name}`] = {
      Protocol: 'grpc',
      ProtocolVersion: 5,
      Pid: process.pid,
      Test: true, // the server is not terraform's to end
      Addr: { Network: 'unix', String: socket },
    };
  }
  return {
    reattach: JSON.stringify(addresses),
    async stop() {
      for (const server of servers) server.forceShutdown();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function serve(schema: ProviderSchema, socket: string): Promise<grpc.Server> {
  const server = new grpc.Server({ 'grpc.max_send_message_length': -1 });
  const accept: Unary = (_call, done) => done(null, {});
  const told = toMessage(schema);
  const methods: grpc.UntypedServiceImplementation = {
    GetSchema: ((_call, done) => done(null, told)) satisfies Unary,
    PrepareProviderConfig: ((call, done) => done(null, { prepared_config: call.request.config })) satisfies Unary,
    ValidateResourceTypeConfig: accept,
    ValidateDataSourceConfig: accept,
    Configure: accept,
    Stop: accept,
  };
  server.addService(providerService(), methods);
  return new Promise((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, grpc.ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(server),
    );
  });
}

function providerService(): grpc.ServiceDefinition {
  const proto = loadSync(join(__dirname, 'tfplugin5.proto'), { keepCase: true, longs: Number, enums: String });
  const service = proto['tfplugin5.Provider'];
  if (service === undefined || 'format' in service) throw new Error('tfplugin5.proto declares no service Provider');
  return service as unknown as grpc.ServiceDefinition;
}

function toMessage(schema: ProviderSchema) {
  const schemas = (blocks: Record<string, Block>) =>
    Object.fromEntries(Object.entries(blocks).map(([type, block]) => [type, { version: 0, block: toBlock(block) }]));
  return {
    provider: { version: 0, block: { attributes: [], block_types: [] } },
    resource_schemas: schemas(schema.resources),
    data_source_schemas: schemas(schema.data),
  };
}

function toBlock(block: Block): object {
  return {
    attributes: Object.entries(block.attributes).map(([name, [flags, type]]) => ({
      name,
      type: Buffer.from(JSON.stringify(type)),
      ...Object.fromEntries(flags.split(' ').map((flag) => [flag, true])),
    })),
    block_types: Object.entries(block.blocks ?? {}).map(([name, nested]) => ({
      type_name: name,
      block: toBlock(nested),
      nesting: nested.nesting.toUpperCase(),
      min_items: nested.min ?? 0,
      max_items: nested.max ?? 0,
    })),
  };
}
