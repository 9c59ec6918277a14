/** One TCP port for gRPC and HTTP/1.1: the first bytes of a connection say which of the two it speaks. */
import { createServer, type RequestListener } from 'node:http';
import net from 'node:net';
import * as grpc from '@grpc/grpc-js';

export interface BothOptions {
  /** 0 takes a free one. */
  port: number;
  host: string;
  http: RequestListener;
  grpc?: grpc.Server;
}

export interface OpenPort {
  port: number;
  /** Ends at once: open sockets and streams are destroyed. */
  close(): Promise<void>;
}

/** Listens; rejects with the system's own error (`EADDRINUSE`) where the port cannot be had. */
export async function listenBoth(options: BothOptions): Promise<OpenPort> {
  const sockets = new Set<net.Socket>();
  const http = createServer(options.http);
  const injector = options.grpc?.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that resets its connection is no fault of the service.
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
    peek(socket, (isHttp2) => {
      if (isHttp2 && injector) return injector.injectConnection(socket);
      http.emit('connection', socket);
      // The HTTP/1.1 parser expects a flowing socket; this one was paused while its first bytes were looked at.
      process.nextTick(() => socket.resume());
    });
  });
  await listen(server, options);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      options.grpc?.forceShutdown();
      injector?.destroy();
      http.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** How many bytes tell `PRI * HTTP/2.0` from `PUT`, `POST` and `PATCH`. */
const PEEKED_BYTES = 3;

/** Waits for the first bytes, puts them back, and says whether they begin an HTTP/2 connection (RFC 9113, 3.4). */
function peek(socket: net.Socket, decide: (isHttp2: boolean) => void): void {
  let seen = Buffer.alloc(0);
  function onData(chunk: Buffer): void {
    seen = Buffer.concat([seen, chunk]);
    if (seen.length < PEEKED_BYTES) return;
    socket.off('data', onData);
    socket.pause();
    socket.unshift(seen);
    decide(seen.subarray(0, PEEKED_BYTES).toString('latin1') === 'PRI');
  }
  socket.on('data', onData);
}

function listen(server: net.Server, { port, host }: BothOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
