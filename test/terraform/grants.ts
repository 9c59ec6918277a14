/** Who was given which role on what, in the words of docs/security.md. */
import { list, type Made, ofType, partOf, text } from './made';

const GRANT = /_iam_member$/;

/** One row an identity: `[identity, "role on what; role on what"]`, sorted. */
export function grantRows(made: readonly Made[], projectId: string): [string, string][] {
  const rights = new Map<string, Set<string>>();
  for (const one of made.filter(({ type }) => GRANT.test(type))) {
    const identity = identityOf(text(one, 'member'), made);
    const known = rights.get(identity) ?? new Set<string>();
    rights.set(identity, known.add(`${roleOf(text(one, 'role'), made)} on ${whereOf(one, made)}`));
  }
  return [...rights]
    .map(([identity, held]): [string, string] => [
      identity.replaceAll(projectId, 'PROJECT'),
      [...held].sort().join('; ').replaceAll(projectId, 'PROJECT'),
    ])
    .sort(([a], [b]) => a.localeCompare(b, 'en'));
}

function identityOf(member: string, made: readonly Made[]): string {
  const account = ofType(made, 'google_service_account').find((one) => text(one, 'member') === member);
  if (account !== undefined) return `\`${text(account, 'account_id')}\``;
  const agent = made.find(({ type }) => type === 'google_storage_project_service_account');
  if (agent !== undefined && text(agent, 'member') === member) return 'Cloud Storage’s service agent';
  const agents: [RegExp, string][] = [
    [/@gcp-sa-pubsub\./, 'Pub/Sub’s service agent'],
    [
      /@(?:gcf-admin-robot|gcp-sa-artifactregistry|gcp-sa-eventarc|serverless-robot-prod|bigquery-encryption)\./,
      'Google’s other service agents',
    ],
  ];
  return agents.find(([pattern]) => pattern.test(member))?.[1] ?? member;
}

function roleOf(role: string, made: readonly Made[]): string {
  const custom = ofType(made, 'google_project_iam_custom_role').find((one) => text(one, 'id') === role);
  return `\`${custom === undefined ? role.replace('roles/', '') : text(custom, 'role_id')}\``;
}

function whereOf(one: Made, made: readonly Made[]): string {
  const condition = list(one, 'condition')[0];
  const limit = condition === undefined ? '' : ` (${String(partOf(condition, 'title'))})`;
  return `${placeOf(one, made)}${limit}`;
}

function placeOf(one: Made, made: readonly Made[]): string {
  switch (one.type) {
    case 'google_storage_bucket_iam_member':
      return bucketOf(text(one, 'bucket'), made);
    case 'google_pubsub_topic_iam_member':
      return `the topic ${text(one, 'topic').replace('product-search-', '')}`;
    case 'google_pubsub_subscription_iam_member':
      return `the subscription ${text(one, 'subscription')}`;
    case 'google_cloud_run_v2_service_iam_member':
      return `the function ${text(one, 'name')}`;
    case 'google_secret_manager_secret_iam_member':
      return `the secret ${text(one, 'secret_id')}`;
    case 'google_artifact_registry_repository_iam_member':
      return 'the repository of images';
    case 'google_bigquery_dataset_iam_member':
      return 'the dataset of events';
    case 'google_kms_crypto_key_iam_member':
      return 'the key';
    case 'google_project_iam_member':
      return 'the project';
    default:
      throw new Error(`${one.type} is not in the table of docs/security.md: say here what it is granted on`);
  }
}

function bucketOf(bucket: string, made: readonly Made[]): string {
  const own = ofType(made, 'google_storage_bucket').find((one) => text(one, 'name') === bucket);
  return own === undefined ? `gs://${bucket}` : `the ${own.name} bucket`;
}
