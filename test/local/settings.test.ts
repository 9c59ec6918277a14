import { readSettings } from '../../local/settings';

describe('the settings of npm start', () => {
  it('are those of the contract where nothing is set, on this machine only', () => {
    expect(readSettings({}, [])).toEqual({
      host: '127.0.0.1',
      empty: false,
      CONSOLE_PORT: 8080,
      PUBSUB_PORT: 8085,
      STORAGE_PORT: 8086,
      VISION_PORT: 8087,
      CLOUDINARY_PORT: 8088,
      LOCAL_CLOUDINARY_CALLS: 500,
      LOCAL_CLOUDINARY_WINDOW_SECONDS: 3_600,
      LOCAL_OPERATION_SECONDS: 3,
      LOCAL_TICK_SECONDS: 2,
      LOCAL_INDEX_SECONDS: 5,
      LOCAL_IMPORTS_PER_DAY: 10_000,
      LOCAL_CALLS_PER_MINUTE: 2_400,
      LOCAL_DIR: '.local',
      GOOGLE_CLOUD_PROJECT: 'local-project',
      INTAKE_BUCKET: 'product-search-intake',
      STATE_BUCKET: 'product-search-state',
      COMMANDS_TOPIC: 'product-search-commands',
      EVENTS_TOPIC: 'product-search-events',
      CONTINUATIONS_TOPIC: 'product-search-continuations',
    });
  });

  it('are read from the environment; what is empty is not set', () => {
    const environment = { CONSOLE_PORT: '0', PUBSUB_PORT: '', LOCAL_OPERATION_SECONDS: '0.5', LOCAL_DIR: 'elsewhere' };

    expect(readSettings(environment, ['node', 'start.mjs'])).toMatchObject({
      CONSOLE_PORT: 0,
      PUBSUB_PORT: 8085,
      LOCAL_OPERATION_SECONDS: 0.5,
      LOCAL_DIR: 'elsewhere',
    });
  });

  it('leave the sample out where --empty is given', () => {
    expect(readSettings({}, ['node', 'start.mjs', '--empty']).empty).toBe(true);
  });

  it.each([
    ['CONSOLE_PORT', 'many'],
    ['PUBSUB_PORT', '65536'],
    ['STORAGE_PORT', '-1'],
    ['VISION_PORT', '80.5'],
    ['LOCAL_OPERATION_SECONDS', '-1'],
    ['LOCAL_TICK_SECONDS', '0'],
    ['LOCAL_IMPORTS_PER_DAY', '0'],
    ['LOCAL_PUBSUB_HOST', 'http://127.0.0.1:8085'],
  ])('are refused in one line that names %s where it is %j', (variable, value) => {
    const read = () => readSettings({ [variable]: value }, []);

    expect(read).toThrow(new RegExp(`^${variable} .+$`));
    expect(read).not.toThrow(/\n/);
  });

  it('are refused with all that is wrong at once', () => {
    expect(() => readSettings({ CONSOLE_PORT: 'a', LOCAL_TICK_SECONDS: 'b' }, [])).toThrow(
      /CONSOLE_PORT .*LOCAL_TICK_SEC/,
    );
  });
});
