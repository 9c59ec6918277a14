/** Who we are at Cloudinary, read from `CLOUDINARY_URL`. The secret never shows when the value is written out. Pure. */

export interface CloudinaryAccount {
  cloudName: string;
  /** Without a slash at the end. */
  baseUrl: string;
  /** The value of the header. A function, so that neither JSON nor a log ever holds it. */
  authorization(): string;
  /** The text without key and secret, however a service may have repeated them. */
  scrub(text: string): string;
}

const DEFAULT_BASE = 'https://api.cloudinary.com';
/** Keys and secrets are longer; the words `key` and `secret` of a local account are no secret. */
const LEAST_HIDDEN = 8;
const OWN_MACHINE = /^(?:127(?:\.\d+){3}|localhost|\[::1\])$/;

/** The account, or what is wrong as the end of a sentence; never a part of the value. */
export function readCloudinaryUrl(text: string): CloudinaryAccount | string {
  const url = parsed(text);
  if (url?.protocol !== 'cloudinary:') return 'must be cloudinary://KEY:SECRET@CLOUD';
  const [key, secret] = [decoded(url.username), decoded(url.password)];
  if (key === '' || secret === '' || url.hostname === '') return 'must be cloudinary://KEY:SECRET@CLOUD';
  const base = parsed(url.searchParams.get('upload_prefix') ?? DEFAULT_BASE);
  if (base === null || !isSafe(base)) return 'must have an upload_prefix that is https, or http on this machine';
  return account(url.hostname, `${base.origin}${base.pathname.replace(/\/+$/, '')}`, key, secret);
}

/** Credentials go over plain HTTP to this machine only. */
function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && OWN_MACHINE.test(hostname));
}

function account(cloudName: string, baseUrl: string, key: string, secret: string): CloudinaryAccount {
  const pair = Buffer.from(`${key}:${secret}`).toString('base64');
  const forms = [pair, secret, encodeURIComponent(secret), key, encodeURIComponent(key)];
  const hidden = forms.filter((form) => form.length >= LEAST_HIDDEN);
  return {
    cloudName,
    baseUrl,
    authorization: () => `Basic ${pair}`,
    scrub: (text) => hidden.reduce((clean, part) => clean.replaceAll(part, '[hidden]'), text),
  };
}

function parsed(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
