/** Lets a server work on so many requests at a time; the others wait in order, as in front of Cloud Run's instances. */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

/** Puts the gate before the listeners that the server has now. A request whose client is gone is not begun. */
export function limitRequests(server: Server, atOnce: number): void {
  const listeners = server.listeners('request') as RequestListener[];
  const waiting: [IncomingMessage, ServerResponse][] = [];
  let underWay = 0;

  function next(): void {
    while (underWay < atOnce) {
      const [request, response] = waiting.shift() ?? [];
      if (request === undefined || response === undefined) return;
      if (response.destroyed) continue;
      underWay += 1;
      response.once('close', () => {
        underWay -= 1;
        next();
      });
      for (const listener of listeners) listener.call(server, request, response);
    }
  }

  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    waiting.push([request, response]);
    next();
  });
}
