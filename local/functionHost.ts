/** A process of its own for one function: loads its bundle and serves it on 127.0.0.1 until its parent is gone. */
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { limitRequests } from './requestGate';

/**
 * One process stands for all instances of a function: as many requests at once as a deployment has instances that take
 * one at a time. Without a limit a burst of pushes would need more memory than one instance has.
 */
const REQUESTS_AT_ONCE = 20;

const [, , name = '', bundle = '', port = '0'] = process.argv;

// Ctrl-C reaches the whole process group; the parent decides when its children end.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));

require(bundle);
const server = getTestServer(name);
limitRequests(server, REQUESTS_AT_ONCE);
// Pushes and events keep their connections; this end never closes one first.
server.keepAliveTimeout = 10 * 60_000;
server.on('error', (error: NodeJS.ErrnoException) => {
  process.send?.({ kind: 'failed', code: error.code, message: error.message });
});
server.listen(Number(port), '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ kind: 'listening', port: typeof address === 'object' ? address?.port : Number(port) });
});
