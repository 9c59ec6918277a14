/**
 * The fields of a Cloud Build configuration, as https://cloud.google.com/build/docs/build-config-file-schema lists them
 * under "Structure of a build config file", and the rules of that page that can be checked without the service.
 */
import { z } from 'zod';

const Texts = z.array(z.string());
const Duration = z.string().regex(/^\d+(?:\.\d+)?s$/);
const Volumes = z.array(z.strictObject({ name: z.string(), path: z.string() }));

const Step = z
  .strictObject({
    name: z.string(),
    args: Texts.optional(),
    env: z.array(z.string().regex(/^[A-Za-z_]\w*=/)).optional(),
    allowFailure: z.boolean().optional(),
    allowExitCodes: z.array(z.int()).optional(),
    dir: z.string().optional(),
    id: z.string().optional(),
    waitFor: Texts.optional(),
    entrypoint: z.string().optional(),
    secretEnv: Texts.optional(),
    volumes: Volumes.optional(),
    timeout: Duration.optional(),
    script: z.string().optional(),
    automapSubstitutions: z.boolean().optional(),
  })
  // "You cannot specify script with args or entrypoint in the same step."
  .refine(({ script, args, entrypoint }) => script === undefined || (args === undefined && entrypoint === undefined));

const Options = z.strictObject({
  env: Texts.optional(),
  secretEnv: Texts.optional(),
  volumes: Volumes.optional(),
  sourceProvenanceHash: z.array(z.enum(['NONE', 'SHA256', 'MD5', 'SHA512', 'GO_MODULE_H1'])).optional(),
  machineType: z
    .enum(['UNSPECIFIED', 'N1_HIGHCPU_8', 'N1_HIGHCPU_32', 'E2_HIGHCPU_8', 'E2_HIGHCPU_32', 'E2_MEDIUM'])
    .optional(),
  diskSizeGb: z.union([z.int(), z.string()]).optional(),
  substitutionOption: z.enum(['MUST_MATCH', 'ALLOW_LOOSE']).optional(),
  dynamicSubstitutions: z.boolean().optional(),
  automapSubstitutions: z.boolean().optional(),
  logStreamingOption: z.enum(['STREAM_DEFAULT', 'STREAM_ON', 'STREAM_OFF']).optional(),
  logging: z.enum(['LOGGING_UNSPECIFIED', 'LEGACY', 'GCS_ONLY', 'CLOUD_LOGGING_ONLY', 'NONE']).optional(),
  defaultLogsBucketBehavior: z.enum(['REGIONAL_USER_OWNED_BUCKET', 'LEGACY_BUCKET']).optional(),
  pool: z.strictObject({ name: z.string() }).optional(),
  pubsubTopic: z.string().optional(),
  requestedVerifyOption: z.enum(['NOT_VERIFIED', 'VERIFIED']).optional(),
});

const Secret = z.strictObject({ versionName: z.string(), env: z.string() });

export const CloudBuild = z
  .strictObject({
    steps: z.array(Step).min(1),
    timeout: Duration.optional(),
    queueTtl: Duration.optional(),
    logsBucket: z.string().optional(),
    options: Options.optional(),
    substitutions: z.record(z.string().regex(/^_[A-Z0-9_]+$/), z.string()).optional(),
    tags: z.array(z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/)).optional(),
    serviceAccount: z.string().optional(),
    secrets: z.array(z.unknown()).optional(),
    availableSecrets: z.strictObject({ secretManager: z.array(Secret).optional() }).optional(),
    artifacts: z.unknown().optional(),
    images: Texts.optional(),
  })
  // A build with an account of its own has to say where its logs go (configure-user-specified-service-accounts).
  .refine(({ serviceAccount, options, logsBucket }) => {
    const says = logsBucket !== undefined || options?.defaultLogsBucketBehavior !== undefined;
    return serviceAccount === undefined || says || ['CLOUD_LOGGING_ONLY', 'NONE'].includes(options?.logging ?? '');
  });

export type CloudBuild = z.infer<typeof CloudBuild>;

/** https://cloud.google.com/build/docs/configuring-builds/substitute-variable-values#using_default_substitutions */
export const BUILT_IN = new Set([
  'PROJECT_ID',
  'PROJECT_NUMBER',
  'BUILD_ID',
  'LOCATION',
  'TRIGGER_NAME',
  'COMMIT_SHA',
  'REVISION_ID',
  'SHORT_SHA',
  'REPO_NAME',
  'REPO_FULL_NAME',
  'BRANCH_NAME',
  'TAG_NAME',
  'REF_NAME',
  'TRIGGER_BUILD_CONFIG_PATH',
  'SERVICE_ACCOUNT_EMAIL',
  'SERVICE_ACCOUNT',
]);
