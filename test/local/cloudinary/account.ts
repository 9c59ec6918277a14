/** A local Cloudinary account on a clock that the test moves, and its server with everything that came over the wire. */
import { createCloudinaryModel } from '../../../local/cloudinary/model';
import { startCloudinaryServer } from '../../../local/cloudinary/server';
import { type CloudinaryAccount, readCloudinaryUrl } from '../../../shared/core/cloudinaryAccount';

export const CREDENTIALS = { cloudName: 'shop', key: '874837483274837', secret: 'a676b67565c6767a6767d6767f676fe1' };

export function createAccount(limits: { callsPerWindow?: number; originalsPerCall?: number; windowMs?: number } = {}) {
  let now = Date.parse('2026-11-22T08:00:00Z');
  let nonces = 0;
  const clock = { now: () => now, sleep: async () => undefined };
  const entropy = {
    nonce: () => {
      nonces += 1;
      return nonces.toString(16).padStart(32, '0');
    },
  };
  const model = createCloudinaryModel({ clock, entropy, ...limits });
  return {
    model,
    clock,
    setNow(value: number): void {
      now = value;
    },
  };
}

export async function startAccount(limits: Parameters<typeof createAccount>[0] = {}) {
  const account = createAccount(limits);
  const calls: { verb: string; path: string; body: string }[] = [];
  const server = await startCloudinaryServer({
    model: account.model,
    clock: account.clock,
    port: 0,
    host: '127.0.0.1',
    credentials: CREDENTIALS,
    onCall: (call) => calls.push(call),
  });
  return { ...account, server, calls };
}

export function urlOf(serverUrl: string, { cloudName, key, secret } = CREDENTIALS): string {
  return `cloudinary://${key}:${secret}@${cloudName}?upload_prefix=${serverUrl}`;
}

export function accountAt(serverUrl: string, credentials = CREDENTIALS): CloudinaryAccount {
  const account = readCloudinaryUrl(urlOf(serverUrl, credentials));
  if (typeof account === 'string') throw new Error(account);
  return account;
}
