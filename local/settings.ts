/** What `npm start` is told by its environment. */
import { z } from 'zod';

const HOST = '127.0.0.1';

const port = (fallback: number) =>
  z.coerce.number({ error: 'must be a port, 0 to 65535' }).int().min(0).max(65_535).default(fallback);
const seconds = (fallback: number) => z.coerce.number({ error: 'must be seconds' }).min(0).default(fallback);

const Environment = z.object({
  CONSOLE_PORT: port(8080),
  PUBSUB_PORT: port(8085),
  STORAGE_PORT: port(8086),
  VISION_PORT: port(8087),
  CLOUDINARY_PORT: port(8088),
  LOCAL_OPERATION_SECONDS: seconds(3),
  LOCAL_TICK_SECONDS: z.coerce.number().min(0.1, 'must be at least 0.1').default(2),
  LOCAL_INDEX_SECONDS: seconds(5),
  /** The local Cloudinary's own limit, and how long its window is. */
  LOCAL_CLOUDINARY_CALLS: z.coerce.number().int().min(1).default(500),
  LOCAL_CLOUDINARY_WINDOW_SECONDS: z.coerce.number().int().min(1, 'must be at least 1').default(3_600),
  LOCAL_IMPORTS_PER_DAY: z.coerce.number().int().min(1).default(10_000),
  LOCAL_CALLS_PER_MINUTE: z.coerce.number().int().min(10, 'must be at least 10').default(2_400),
  /** `host:port` of another Pub/Sub service to use instead of the local one, such as Google's emulator. */
  LOCAL_PUBSUB_HOST: z
    .string()
    .regex(/^[^/:]+:\d+$/, 'must be host:port')
    .optional(),
  LOCAL_DIR: z.string().min(1).default('.local'),
  GOOGLE_CLOUD_PROJECT: z.string().min(1).default('local-project'),
  INTAKE_BUCKET: z.string().default('product-search-intake'),
  STATE_BUCKET: z.string().default('product-search-state'),
  COMMANDS_TOPIC: z.string().default('product-search-commands'),
  EVENTS_TOPIC: z.string().default('product-search-events'),
  CONTINUATIONS_TOPIC: z.string().default('product-search-continuations'),
});

export type Settings = z.infer<typeof Environment> & { host: string; empty: boolean };

/** Throws an error whose message is one line and names the variable. */
export function readSettings(env: NodeJS.ProcessEnv, argv: readonly string[]): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (parsed.success) return { ...parsed.data, host: HOST, empty: argv.includes('--empty') };
  throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; '));
}
