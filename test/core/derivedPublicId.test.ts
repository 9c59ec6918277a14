import { derivedResourceOf, templateFault } from '../../shared/core/derivedPublicId';

describe('the resource of an image file', () => {
  it.each<[string, string, string, string]>([
    ['{path}/{name}', 'gs://img/shoes/2026/1.png', 'upload', 'shoes/2026/1'],
    ['{path}/{name}', 'gs://img/1.png', 'upload', '1'],
    ['{path}/{name}', 'gs://img/a.b/1', 'upload', 'a.b/1'],
    ['{path}/{name}', 'gs://img/shoes/.hidden', 'upload', 'shoes/.hidden'],
    ['{path}/{name}', 'gs://img/1.tar.gz', 'upload', '1.tar'],
    ['{path}/{name}', 'gs://img/{name}/$&.png', 'upload', '{name}/$&'],
    ['shop/{bucket}/{name}{extension}', 'gs://img/x/1.png', 'upload', 'shop/img/1.png'],
    ['fetch', 'gs://img/shoes/1.png', 'fetch', 'https://storage.googleapis.com/img/shoes/1.png'],
    ['fetch', 'gs://img/1 ü&?.png', 'fetch', 'https://storage.googleapis.com/img/1%20%C3%BC%26%3F.png'],
    ['https://cdn.example.com/{path}/{name}.jpg', 'gs://img/s/1.png', 'fetch', 'https://cdn.example.com/s/1.jpg'],
  ])('by %s of %s is %s %s', (template, uri, type, publicId) => {
    expect(derivedResourceOf(uri, template)).toEqual({ type, publicId });
  });

  it('is none where the URI is none', () => {
    expect(derivedResourceOf('gs://', '{name}')).toBeNull();
  });
});

describe('a template', () => {
  it.each([
    ['{path}/{name}', null],
    ['fetch', null],
    ['catalogue', /every file would stand for the same resource/],
    ['{path}/', /must hold \{name\}/],
    ['{folder}/{name}', /has \{folder\}; known are \{bucket\}/],
  ])('%s: %s', (template, fault) => {
    if (fault === null) expect(templateFault(template)).toBeNull();
    else expect(templateFault(template)).toMatch(fault);
  });
});
