import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One push request, with its content type. */
export interface Pushed {
  message: {
    data?: string;
    attributes?: Record<string, string>;
    messageId: string;
    message_id: string;
    orderingKey?: string;
    publishTime: string;
  };
  subscription: string;
  contentType?: string;
}

export interface PushEndpoint {
  url: string;
  pushed: Pushed[];
  /** Resolves once so many requests have come. */
  until(count: number): Promise<void>;
  close(): void;
}

/** An endpoint that answers with these statuses in turn, then with 200. */
export async function startPushEndpoint(statuses: number[]): Promise<PushEndpoint> {
  const pushed: Pushed[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const server = createServer((req, res) => {
    let text = '';
    req.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    req.on('end', () => {
      pushed.push({ ...JSON.parse(text), contentType: req.headers['content-type'] });
      res.writeHead(statuses.shift() ?? 200).end();
      for (const { count, resolve } of waiting) if (pushed.length >= count) resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    pushed,
    until: (count) =>
      new Promise((resolve) => {
        if (pushed.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
