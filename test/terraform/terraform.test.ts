/** What holds of terraform/ by the real terraform, and of what the examples make, compared with the code. */
import { loadConfig, VARIABLES } from '../../shared/config';
import { parseCommand } from '../../shared/core/command';
import { FUNCTIONS, kebabCase, LOCAL_ONLY, requiredVariables } from './code';
import { type Made, ofType, type Report, readReport } from './made';
import { startTerraform, type Terraform, terraformVersion } from './terraform';

const EXAMPLES = ['minimal', 'full'];
const PRIMITIVE = /^roles\/(?:owner|editor|viewer)$/;
/** Variables that Terraform sets and shared/config.ts is about to read. */
const AWAITED = ['CLOUDINARY_URL', 'LIST_SOURCES'];

jest.setTimeout(120_000);

const version = terraformVersion();
if (version === null) {
  it('is not tested here: no terraform of version 1.7 or newer is installed', () => {
    process.stderr.write('terraform >= 1.7 is not installed: only its syntax and its names are checked\n');
  });
} else {
  describe(`with terraform ${version}`, whole);
}

function whole(): void {
  let terraform: Terraform;
  let report: Report;

  beforeAll(async () => {
    terraform = await startTerraform();
    const started = await terraform.run(['init', '-backend=false', '-input=false', '-no-color']);
    if (started.status !== 0) throw new Error(started.output);
    report = readReport((await terraform.run(['test', '-json', '-verbose'])).output);
  });
  afterAll(() => terraform.stop());

  function madeBy(example: string): Made[] {
    const made = report.made.get(`tests/examples.tftest.hcl ${example}`);
    if (made === undefined) throw new Error(`nothing is known of examples/${example}: ${report.faults.join('\n')}`);
    return made;
  }

  function environmentOf(deployed: Made): Record<string, string> {
    const { environment_variables, secret_environment_variables } = deployed.values.service_config[0];
    const secrets = secret_environment_variables.map(({ key }: { key: string }) => [key, 'cloudinary://k:s@cloud']);
    return { ...environment_variables, ...Object.fromEntries(secrets) };
  }

  it('is formatted', async () => {
    expect(await terraform.run(['fmt', '-check', '-recursive'])).toEqual({ status: 0, output: '' });
  });

  it('is valid', async () => {
    expect(await terraform.run(['validate', '-no-color'])).toMatchObject({ status: 0 });
  });

  it('passes its own tests', () => {
    expect(report.faults).toEqual([]);
    expect(report.passed).toBeGreaterThan(30);
  });

  it('is refused where an attribute does not exist: the stand-in is no rubber stamp', async () => {
    await terraform.write('examples/minimal/wrong.tf', 'resource "google_pubsub_topic" "one" {\n  nmae = "x"\n}\n');
    await terraform.run(['init', '-backend=false', '-input=false', '-no-color'], 'examples/minimal');

    const { status, output } = await terraform.run(['validate', '-no-color'], 'examples/minimal');

    expect(status).toBe(1);
    expect(output).toMatch(/"nmae" is not expected here/);
    expect(output).toMatch(/The argument "name" is required/);
  });

  describe.each(EXAMPLES)('examples/%s', (example) => {
    let made: Made[];
    let functions: Made[];
    beforeAll(() => {
      made = madeBy(example);
      functions = ofType(made, 'google_cloudfunctions2_function');
    });

    it('deploys every function of the code under its name, with its limits written out', () => {
      const deployed = functions.map(({ values }) => [values.name, values.build_config[0].entry_point]);

      expect(deployed.sort()).toEqual(FUNCTIONS.map((name) => [kebabCase(name), name]).sort());
      for (const { values } of functions) {
        expect(values.build_config[0].runtime).toBe('nodejs24');
        expect(values.service_config[0]).toMatchObject({
          timeout_seconds: expect.any(Number),
          available_memory: expect.stringMatching(/^\d+(?:Mi|Gi)$/),
          available_cpu: '1',
          max_instance_request_concurrency: expect.any(Number),
          min_instance_count: 0,
          max_instance_count: expect.any(Number),
        });
      }
    });

    it('gives every function an environment that the code starts with, and nothing that it does not know', () => {
      for (const deployed of functions) {
        const environment = environmentOf(deployed);
        const known = [...VARIABLES, ...AWAITED].filter((name) => !LOCAL_ONLY.includes(name));

        expect(Object.keys(environment)).toEqual(expect.arrayContaining(requiredVariables()));
        expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
        expect(() => loadConfig(environment)).not.toThrow();
      }
    });

    it('tells the functions the names of what it makes', () => {
      const [deployed] = functions;
      if (deployed === undefined) throw new Error('no function');
      const config = loadConfig(environmentOf(deployed));
      const names = (type: string) => ofType(made, type).map(({ values }) => values.name);

      expect(names('google_storage_bucket')).toEqual(expect.arrayContaining([config.intakeBucket, config.stateBucket]));
      expect(names('google_pubsub_topic')).toEqual(
        expect.arrayContaining([config.commandsTopic, config.continuationsTopic, config.eventsTopic]),
      );
      expect(names('google_pubsub_subscription')).toEqual(
        expect.arrayContaining([config.commandsSubscription, config.continuationsSubscription]),
      );
    });

    it('gives every function an identity of its own, and every caller one that is another', () => {
      const accounts = functions.map(({ values }) => values.service_config[0].service_account_email);
      const known = ofType(made, 'google_service_account').map(({ values }) => values.email);

      expect(new Set(accounts).size).toBe(FUNCTIONS.length);
      expect(known).toEqual(expect.arrayContaining(accounts));
      for (const { type, values } of made) {
        const caller =
          type === 'google_pubsub_subscription'
            ? values.push_config[0]?.oidc_token[0].service_account_email
            : type === 'google_cloud_scheduler_job'
              ? values.http_target[0]?.oidc_token[0].service_account_email
              : undefined;
        if (caller !== undefined) expect(accounts).not.toContain(caller);
      }
      for (const { values } of ofType(made, 'google_service_account')) {
        expect(values.account_id).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
      }
    });

    it('retries what fails, and keeps what cannot be delivered', () => {
      const [drops] = functions.filter(({ values }) => values.event_trigger.length > 0);
      const subscriptions = ofType(made, 'google_pubsub_subscription').map(({ values }) => values);
      const dead = ofType(made, 'google_pubsub_topic').find(({ index }) => index === 'dead-letters')?.values.id;

      expect(drops?.values).toMatchObject({ name: 'import-product-sets' });
      expect(drops?.values.event_trigger[0]).toMatchObject({
        event_type: 'google.cloud.storage.object.v1.finalized',
        retry_policy: 'RETRY_POLICY_RETRY',
        trigger_region: ofType(made, 'google_storage_bucket')[0]?.values.location,
      });
      for (const subscription of subscriptions) {
        expect(subscription.expiration_policy[0].ttl).toBe('');
        if (subscription.topic === dead) continue;
        expect(subscription.dead_letter_policy[0]).toEqual({ dead_letter_topic: dead, max_delivery_attempts: 100 });
        expect(subscription.retry_policy[0]).toEqual({ minimum_backoff: '10s', maximum_backoff: '600s' });
      }
      expect(subscriptions.filter(({ topic }) => topic === dead)).toHaveLength(1);
      const forwarders = ofType(made, 'google_pubsub_subscription_iam_member').map(({ values }) => values.subscription);
      expect(forwarders.sort()).toEqual(
        subscriptions
          .filter(({ topic }) => topic !== dead)
          .map(({ name }) => name)
          .sort(),
      );
    });

    it('lets nobody call a function but its own caller, and from inside', () => {
      const invokers = ofType(made, 'google_cloud_run_v2_service_iam_member').map(({ values }) => values);

      for (const { values } of functions.filter(({ values: { name } }) => name !== 'console')) {
        const callers = invokers.filter(({ name }) => name === values.name);
        expect(callers).toHaveLength(1);
        expect(values.service_config[0].ingress_settings).toBe('ALLOW_INTERNAL_ONLY');
      }
      expect(invokers.every(({ role }) => role === 'roles/run.invoker')).toBe(true);
    });

    it('gives no right to the public, and no primitive role', () => {
      const grants = made.filter(({ type }) => /_iam_(?:member|binding|policy)$/.test(type));

      expect(grants.length).toBeGreaterThan(30);
      for (const { type, values } of grants) {
        expect(type).toMatch(/_member$/); // binding and policy would take rights away from others
        expect(values.member).not.toMatch(/^all(?:Authenticated)?Users$/);
        expect(values.role).not.toMatch(PRIMITIVE);
      }
    });

    it('publishes commands on schedule that the code accepts', () => {
      const jobs = ofType(made, 'google_cloud_scheduler_job').map(({ values }) => values);
      const commands = jobs.flatMap(({ pubsub_target: [target] }) => (target === undefined ? [] : [target]));

      expect(jobs.map(({ name }) => name).sort()).toEqual(
        example === 'full'
          ? ['poll-operations', 'purge-orphan-products-europe-west1', 'sweep-image-files']
          : ['poll-operations'],
      );
      for (const { data, topic_name } of commands) {
        expect(topic_name).toBe(
          ofType(made, 'google_pubsub_topic').find(({ index }) => index === 'commands')?.values.id,
        );
        expect(parseCommand(Buffer.from(data, 'base64'))).toMatchObject({ ok: true, command: { force: true } });
      }
    });

    it('wakes somebody with a text that says what to do', () => {
      const alerts = ofType(made, 'google_monitoring_alert_policy').map(({ values }) => values);
      const channels = ofType(made, 'google_monitoring_notification_channel');

      expect(alerts).toHaveLength(8);
      for (const alert of alerts) {
        expect(alert.documentation[0].content.length).toBeGreaterThan(80);
        expect(alert.notification_channels ?? []).toHaveLength(channels.length);
      }
    });
  });

  it('encrypts everything that is kept with the customer’s key where there is one', () => {
    const made = madeBy('full');
    const key = 'projects/my-shop-1234/locations/europe-west1/keyRings/shop/cryptoKeys/products';
    const keyOf: Record<string, (values: Made['values']) => unknown> = {
      google_artifact_registry_repository: (values) => values.kms_key_name,
      google_bigquery_dataset: (values) => values.default_encryption_configuration[0]?.kms_key_name,
      google_cloudfunctions2_function: (values) => values.kms_key_name,
      google_pubsub_topic: (values) => values.kms_key_name,
      google_storage_bucket: (values) => values.encryption[0]?.default_kms_key_name,
    };

    for (const [type, read] of Object.entries(keyOf)) {
      const keys = ofType(made, type).map(({ values }) => read(values));
      expect([type, ...new Set(keys)]).toEqual([type, key]);
    }
  });

  it('gives the Cloudinary secret to the functions that work on commands only', () => {
    const readers = ofType(madeBy('full'), 'google_secret_manager_secret_iam_member');
    const holders = ofType(madeBy('full'), 'google_cloudfunctions2_function')
      .filter(({ values }) => values.service_config[0].secret_environment_variables.length > 0)
      .map(({ values }) => values.name);

    expect(holders.sort()).toEqual(['continue-request', 'run-command']);
    expect(readers).toHaveLength(2);
    expect(ofType(madeBy('minimal'), 'google_secret_manager_secret_iam_member')).toEqual([]);
  });
}
