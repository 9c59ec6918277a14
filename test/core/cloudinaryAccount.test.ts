import { type CloudinaryAccount, readCloudinaryUrl } from '../../shared/core/cloudinaryAccount';

function accountOf(url: string): CloudinaryAccount {
  const account = readCloudinaryUrl(url);
  if (typeof account === 'string') throw new Error(account);
  return account;
}

describe('CLOUDINARY_URL', () => {
  it.each([
    ['cloudinary://k:s@shop', 'shop', 'https://api.cloudinary.com'],
    ['cloudinary://k:s@shop?upload_prefix=https://api-eu.cloudinary.com/', 'shop', 'https://api-eu.cloudinary.com'],
    ['cloudinary://k:s@my_shop?upload_prefix=http://127.0.0.1:8088', 'my_shop', 'http://127.0.0.1:8088'],
    ['cloudinary://k:s@shop?upload_prefix=http://localhost:1/base/', 'shop', 'http://localhost:1/base'],
    ['cloudinary://k:s@shop?secure=true', 'shop', 'https://api.cloudinary.com'],
  ])('%s is %s at %s', (url, cloudName, baseUrl) => {
    expect(accountOf(url)).toMatchObject({ cloudName, baseUrl });
  });

  it('gives key and secret only as a header, decoded', () => {
    const header = accountOf('cloudinary://key%2F1:se%20cret@shop').authorization();

    expect(Buffer.from(header.slice('Basic '.length), 'base64').toString()).toBe('key/1:se cret');
  });

  it.each([
    '',
    'shop',
    'http://k:s@shop',
    'cloudinary://shop',
    'cloudinary://k@shop',
    'cloudinary://:s@shop',
    'cloudinary://k:s@',
    'cloudinary://k:s@shop?upload_prefix=ftp://a',
    'cloudinary://k:s@shop?upload_prefix=http://127.0.0.1.evil.example',
  ])('is refused as %j, with what would be right', (url) => {
    expect(readCloudinaryUrl(url)).toEqual(expect.stringMatching(/^must (?:be cloudinary|have an upload_prefix)/));
  });
});
