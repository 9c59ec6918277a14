/** Hostile addresses of the console. */
import { STATE } from '../localSystem';
import { type RawAnswer, rawRequest } from '../rawRequest';
import type { HostileCase } from './hostileCase';

const SCRIPT = '<script>alert(1)</script>';
const PATHS = [
  '/../../etc/passwd',
  '/..%2f..%2fetc%2fpasswd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/files/../api/overview',
  '//example.com/',
  '/api/requests/..%2f..%2freservations%2fus-west1',
  '/api/requests/../../reservations/us-west1.json',
  '/api/requests/__proto__',
  '/api/requests/cmd-x%0d%0aSet-Cookie:%20a=b',
  `/api/requests/${encodeURIComponent(SCRIPT)}`,
  `/api/requests/${encodeURIComponent('\u202e../..')}`,
  `/${encodeURIComponent(SCRIPT)}`,
  '/%E0%A4%A',
  '/api/requests/%FF',
  '/%00',
];
const URIS = [
  `gs://${STATE}/requests/closed/cmd-x.json`,
  `gs://${STATE}/reports/../requests/closed/cmd-x.json`,
  `gs://${STATE}/reports/%2e%2e/x`,
  `gs://${STATE}/reservations/us-west1.json`,
  `gs://${STATE}/reportsx/x`,
  `gs://${STATE}-other/reports/x`,
  'gs://product-search-images/shared.png',
  'https://example.com/reports/x',
  'file:///etc/passwd',
  '../../etc/passwd',
  `gs://${STATE}/reports/a\r\nSet-Cookie: a=b`,
  `javascript:alert(1)//gs://${STATE}/reports/x`,
  SCRIPT,
];

/** A sentence as JSON: nothing of what was asked comes back as a page, a header or a script. */
function expectHarmless({ headers, body }: RawAnswer): void {
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(JSON.parse(body)).toEqual({ error: expect.stringMatching(/ /) });
  expect(headers['set-cookie']).toBeUndefined();
  expect(headers.location).toBeUndefined();
  expect(body).not.toMatch(/root:|node_modules/);
}

export function hostileConsole(given: () => HostileCase): void {
  const get = (path: string, method = 'GET') => rawRequest(given().system.env.CONSOLE_URL ?? '', { path, method });

  it.each(PATHS)('for the path %s is refused', async (path) => {
    const answer = await get(path);

    expect([400, 403, 404]).toContain(answer.status);
    expectHarmless(answer);
  });

  it.each(URIS)('for the file %j is refused', async (uri) => {
    const answer = await get(`/files?uri=${encodeURIComponent(uri)}`);

    expect([403, 404]).toContain(answer.status);
    expectHarmless(answer);
  });

  it('with a script in its query gets the page that everybody gets', async () => {
    const [plain, hostile] = [await get('/'), await get(`/?request=${encodeURIComponent(SCRIPT)}`)];

    expect(hostile.body).toBe(plain.body);
    expect(hostile.headers['content-security-policy']).toBe(plain.headers['content-security-policy']);
    expect(hostile.headers['content-security-policy']).not.toContain('unsafe');
  });

  it('to change something is refused', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect((await get('/api/overview', method)).status).toBe(405);
  });
}
