/** One push request over HTTP: whether the endpoint acknowledged. Never rejects. */
import http from 'node:http';
import https from 'node:https';

export interface PushAgents {
  http: http.Agent;
  https: https.Agent;
}

/** Any of these acknowledges the message (https://cloud.google.com/pubsub/docs/push#receive_push). */
const ACKNOWLEDGES = new Set([102, 200, 201, 202, 204]);

/**
 * The service does not sign requests here: an `oidc_token` is kept and shown, but there is no key to sign one with.
 * A fault of the connection, an abort and any other status count as not acknowledged.
 */
export function pushOnce(endpoint: string, body: string, agents: PushAgents, signal: AbortSignal): Promise<boolean> {
  const isHttps = endpoint.startsWith('https:');
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'CloudPubSub-Google',
  };
  const options = { method: 'POST', headers, agent: isHttps ? agents.https : agents.http, signal };
  return new Promise((resolve) => {
    const request = (isHttps ? https : http).request(endpoint, options, (response) => {
      response.resume();
      response.on('error', () => resolve(false));
      resolve(ACKNOWLEDGES.has(response.statusCode ?? 0));
    });
    request.on('information', ({ statusCode }) => ACKNOWLEDGES.has(statusCode) && resolve(true));
    request.on('error', () => resolve(false));
    request.end(body);
  });
}
