/** Asking another invocation to go on with a request. */
import type { Config } from '../config';
import type { Ports } from '../ports';

/** Publishes a continuation. It may be lost or come twice: the tick repeats it, the lease makes a second one harmless. */
export async function publishContinuation(
  ports: Pick<Ports, 'publisher'>,
  config: Config,
  requestId: string,
): Promise<void> {
  await ports.publisher.publish(config.continuationsTopic, {
    data: Buffer.from(JSON.stringify({ requestId })),
    attributes: {},
  });
}
