/** What holds of terraform/ by the real terraform, and of what the examples make, compared with the code. */
import { loadConfig, VARIABLES } from '../../shared/config';
import { parseCommand } from '../../shared/core/command';
import { AWAITED, FUNCTIONS, kebabCase, LOCAL_ONLY, requiredVariables } from './code';
import { grantRows } from './grants';
import { list, type Made, ofType, part, partOf, type Report, readReport, text } from './made';
import { betweenMarks, table } from './tables';
import { startTerraform, type Terraform, terraformVersion } from './terraform';

const EXAMPLES = ['minimal', 'full'];
const PRIMITIVE = /^roles\/(?:owner|editor|viewer)$/;

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

  it('is formatted', async () => {
    expect(await terraform.run(['fmt', '-check', '-recursive'])).toEqual({ status: 0, output: '' });
  });

  it('is valid', async () => {
    expect(await terraform.run(['validate', '-no-color'])).toMatchObject({ status: 0 });
  });

  it('passes its own tests', () => {
    expect(report.faults).toEqual([]);
    expect(report.passed).toBeGreaterThan(15);
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

    const names = (type: string) => ofType(made, type).map((one) => text(one, 'name'));
    const topic = (index: string) => ofType(made, 'google_pubsub_topic').find((one) => one.index === index);

    it('deploys every function of the code under its name, with its limits written out', () => {
      const deployed = functions.map((one) => [part(one, 'name'), part(one, 'build_config.0.entry_point')]);

      expect(deployed.sort()).toEqual(FUNCTIONS.map((name) => [kebabCase(name), name]).sort());
      for (const one of functions) {
        expect(part(one, 'build_config.0.runtime')).toBe('nodejs24');
        expect(part(one, 'service_config.0')).toMatchObject({
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
      const known = [...VARIABLES, ...AWAITED].filter((name) => !LOCAL_ONLY.includes(name));
      for (const one of functions) {
        const environment = environmentOf(one);

        expect(Object.keys(environment)).toEqual(expect.arrayContaining(requiredVariables()));
        expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
        expect(() => loadConfig(environment)).not.toThrow();
      }
    });

    it('tells the functions the names of what it makes', () => {
      for (const one of functions) {
        const config = loadConfig(environmentOf(one));
        const topics = [config.commandsTopic, config.continuationsTopic, config.eventsTopic];
        const subscriptions = [config.commandsSubscription, config.continuationsSubscription];

        expect(names('google_storage_bucket')).toEqual(
          expect.arrayContaining([config.intakeBucket, config.stateBucket]),
        );
        expect(names('google_pubsub_topic')).toEqual(expect.arrayContaining(topics));
        expect(names('google_pubsub_subscription')).toEqual(expect.arrayContaining(subscriptions));
      }
    });

    it('gives every function an identity of its own, and every caller one that is another', () => {
      const accounts = functions.map((one) => text(one, 'service_config.0.service_account_email'));
      const known = ofType(made, 'google_service_account');
      const callers = [
        ...ofType(made, 'google_pubsub_subscription').map((one) => part(one, 'push_config.0.oidc_token.0')),
        ...ofType(made, 'google_cloud_scheduler_job').map((one) => part(one, 'http_target.0.oidc_token.0')),
      ].flatMap((token) => (token === undefined ? [] : [partOf(token, 'service_account_email')]));

      expect(new Set(accounts).size).toBe(FUNCTIONS.length);
      expect(known.map((one) => text(one, 'email'))).toEqual(expect.arrayContaining(accounts));
      expect(new Set(callers).size).toBe(3);
      expect(callers.filter((caller) => accounts.includes(String(caller)))).toEqual([]);
      for (const one of known) expect(text(one, 'account_id')).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
    });

    it('retries what fails, and keeps what cannot be delivered', () => {
      const dropped = functions.filter((one) => list(one, 'event_trigger').length > 0);
      const dead = topic('dead-letters');
      const isDead = (one: Made) => dead !== undefined && part(one, 'topic') === part(dead, 'id');
      const subscriptions = ofType(made, 'google_pubsub_subscription');
      const delivering = subscriptions.filter((one) => !isDead(one));

      expect(dropped.map((one) => part(one, 'name'))).toEqual(['import-product-sets']);
      for (const one of dropped) {
        expect(part(one, 'event_trigger.0')).toMatchObject({
          event_type: 'google.cloud.storage.object.v1.finalized',
          retry_policy: 'RETRY_POLICY_RETRY',
          trigger_region: example === 'full' ? 'europe-west1' : 'us-west1',
        });
      }
      for (const one of subscriptions) expect(part(one, 'expiration_policy.0.ttl')).toBe('');
      for (const one of delivering) {
        expect(part(one, 'dead_letter_policy.0.dead_letter_topic')).toBe(dead && part(dead, 'id'));
        expect(part(one, 'dead_letter_policy.0.max_delivery_attempts')).toBe(100);
        expect(part(one, 'retry_policy.0')).toEqual({ minimum_backoff: '10s', maximum_backoff: '600s' });
      }
      expect(subscriptions.length - delivering.length).toBe(1);
      const forwarders = ofType(made, 'google_pubsub_subscription_iam_member').map((one) => text(one, 'subscription'));
      expect(forwarders.sort()).toEqual(delivering.map((one) => text(one, 'name')).sort());
    });

    it('lets nobody call a function but its own caller, and from inside', () => {
      const invokers = ofType(made, 'google_cloud_run_v2_service_iam_member');

      for (const one of functions.filter((deployed) => part(deployed, 'name') !== 'console')) {
        expect(invokers.filter((invoker) => part(invoker, 'name') === part(one, 'name'))).toHaveLength(1);
        expect(part(one, 'service_config.0.ingress_settings')).toBe('ALLOW_INTERNAL_ONLY');
      }
      expect(new Set(invokers.map((one) => part(one, 'role')))).toEqual(new Set(['roles/run.invoker']));
    });

    it('gives no right to the public, and no primitive role', () => {
      const grants = made.filter(({ type }) => /_iam_(?:member|binding|policy)$/.test(type));

      expect(grants.length).toBeGreaterThan(25);
      for (const one of grants) {
        expect(one.type).toMatch(/_member$/); // binding and policy would take rights away from others
        expect(text(one, 'member')).not.toMatch(/^all(?:Authenticated)?Users$/);
        expect(text(one, 'role')).not.toMatch(PRIMITIVE);
      }
    });

    it('publishes commands on schedule that the code accepts', () => {
      const commands = topic('commands');
      const targets = ofType(made, 'google_cloud_scheduler_job').flatMap((one) => list(one, 'pubsub_target'));
      const scheduled = ['purge-orphan-products-europe-west1', 'sweep-image-files'];

      expect(names('google_cloud_scheduler_job').sort()).toEqual([
        'poll-operations',
        ...(example === 'full' ? scheduled : []),
      ]);
      for (const target of targets) {
        const data = Buffer.from(String(partOf(target, 'data')), 'base64');
        expect(partOf(target, 'topic_name')).toBe(commands && part(commands, 'id'));
        expect(parseCommand(data)).toMatchObject({ ok: true, command: { force: true } });
      }
    });

    it('wakes somebody with a text that says what to do', () => {
      const alerts = ofType(made, 'google_monitoring_alert_policy');
      const channels = ofType(made, 'google_monitoring_notification_channel');

      expect(alerts).toHaveLength(8);
      for (const one of alerts) {
        expect(text(one, 'documentation.0.content').length).toBeGreaterThan(80);
        expect(list(one, 'notification_channels')).toHaveLength(channels.length);
      }
    });
  });

  it('grants what docs/security.md says, and nothing else', () => {
    const rows = grantRows(madeBy('full'), 'my-shop-1234');

    const { found, wanted } = betweenMarks('docs/security.md', table(['identity', 'roles'], rows));

    expect(found).toBe(wanted);
  });

  it('encrypts everything that is kept with the customer’s key where there is one', () => {
    const key = 'projects/my-shop-1234/locations/europe-west1/keyRings/shop/cryptoKeys/products';
    const places = [
      ['google_artifact_registry_repository', 'kms_key_name'],
      ['google_bigquery_dataset', 'default_encryption_configuration.0.kms_key_name'],
      ['google_cloudfunctions2_function', 'kms_key_name'],
      ['google_pubsub_topic', 'kms_key_name'],
      ['google_storage_bucket', 'encryption.0.default_kms_key_name'],
    ] as const;

    for (const [type, path] of places) {
      const keys = ofType(madeBy('full'), type).map((one) => part(one, path));
      expect([type, ...new Set(keys)]).toEqual([type, key]);
    }
  });

  it('gives the Cloudinary secret to the functions that work on commands only', () => {
    const secrets = 'service_config.0.secret_environment_variables';
    const readers = ofType(madeBy('full'), 'google_secret_manager_secret_iam_member');
    const holders = ofType(madeBy('full'), 'google_cloudfunctions2_function')
      .filter((one) => list(one, secrets).length > 0)
      .map((one) => part(one, 'name'));

    expect(holders.sort()).toEqual(['continue-request', 'run-command']);
    expect(readers).toHaveLength(2);
    expect(ofType(madeBy('minimal'), 'google_secret_manager_secret_iam_member')).toEqual([]);
  });
}

function environmentOf(deployed: Made): Record<string, string> {
  const secrets = list(deployed, 'service_config.0.secret_environment_variables');
  return {
    ...(part(deployed, 'service_config.0.environment_variables') as Record<string, string>),
    ...Object.fromEntries(secrets.map((secret) => [String(partOf(secret, 'key')), 'cloudinary://key:secret@cloud'])),
  };
}
