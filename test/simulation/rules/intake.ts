/** A dropped file leaves intake only when the archive has it, and nothing of ours is ever written into intake. */
import { objectOf, type Rule } from './rule';

export const intake: Rule = ({ asked, services, config }, violated) => {
  function liveGeneration(name: string): string | null {
    try {
      return services.storage.getObject({ bucket: config.intakeBucket, name }).generation;
    } catch {
      return null;
    }
  }
  return {
    beforeCall(call) {
      const { port, method, parameters, invocation } = call;
      if (port !== 'objects') return;
      const target = method === 'copy' ? (parameters[1] as { bucket: string }) : objectOf(call);
      if ((method === 'write' || method === 'copy') && target.bucket === config.intakeBucket) {
        violated(`${invocation.name} writes into intake`);
      }
      if (method !== 'delete' || target.bucket !== config.intakeBucket) return;
      const { requestId = '' } = invocation;
      const file = asked.files.get(requestId);
      const live = liveGeneration(objectOf(call).name);
      const { ifGenerationMatch } = (parameters[1] ?? {}) as { ifGenerationMatch?: string };
      if (live === null || (ifGenerationMatch !== undefined && ifGenerationMatch !== live)) return;
      if (file?.file.generation !== live) violated(`${requestId} deletes #${live} from intake, which is not its own`);
      const day = asked.open(requestId)?.acceptedAt.slice(0, 10);
      const archived = services.bytes(config.stateBucket, `archive/${day}/${requestId}/${file?.file.name}`);
      if (file !== undefined && archived?.equals(file.body) !== true) {
        violated(`${requestId} deletes ${file.file.name} from intake before the archive has it`);
      }
    },
  };
};
