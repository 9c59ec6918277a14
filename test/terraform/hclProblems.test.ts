// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform has templates of its own
import { parseModule } from './hcl';
import { problemsOf } from './hclProblems';
import { referencesIn } from './hclReferences';

async function problemsIn(text: string): Promise<string[]> {
  const module = await parseModule('/root', { 'main.tf': text });
  const called = await parseModule('/root/inner', {
    'inner.tf':
      'variable "size" {}\nvariable "label" { default = "" }\noutput "id" { value = var.size }\noutput "label" { value = var.label }',
  });
  return problemsOf(module, async () => called);
}

describe('references in an expression', () => {
  it.each([
    ['plain text with "quotes" and a brace }', []],
    ['${var.a}', ['var.a']],
    ['prefix-${google_x.this[0].email}/${local.b}', ['google_x.this.[].email', 'local.b']],
    ['${lookup(var.map, each.key, null)}', ['var.map', 'each.key']],
    ['${module.m["k"].id == "${var.inner}"}', ['module.m.[].id', 'var.inner']],
    ['${a.b[local.index].c[*].d}', ['local.index', 'a.b.[].c.[].d']],
    ['${{ for key, value in local.map : key => value.name if var.on }}', ['local.map', 'var.on']],
    ['${regex("^\\"(.*)\\"$", var.quoted)}', ['var.quoted']],
  ])('%s', (template, expected) => {
    expect(referencesIn(template).map((reference) => reference.join('.'))).toEqual(expected);
  });
});

describe('problems of a module', () => {
  it('finds none in a good one', async () => {
    const good = `
      variable "name" { type = string }
      locals { full = "x-\${var.name}" }
      resource "google_pubsub_topic" "one" {
        name = local.full
        dynamic "schema_settings" {
          for_each = [var.name]
          content { schema = schema_settings.value }
        }
      }
      module "inner" {
        source = "./inner"
        size   = google_pubsub_topic.one.id
      }
      output "id" { value = module.inner.id }`;

    expect(await problemsIn(good)).toEqual([]);
  });

  it.each([
    ['resource "google_pubsub_topic" "one" {}', ['google_pubsub_topic.one lacks name, which is required']],
    [
      'resource "google_pubsub_topic" "one" {\n name = "n"\n nmae = "n"\n}',
      ['google_pubsub_topic.one has no attribute nmae'],
    ],
    [
      'resource "google_service_account" "one" {\n account_id = "n"\n email = "n"\n}',
      ["google_service_account.one.email is the provider's to say and cannot be set"],
    ],
    [
      'resource "google_pubsub_topic" "one" {\n name = "n"\n schema_settings { encoding = "JSON" }\n}',
      ['google_pubsub_topic.one.schema_settings lacks schema, which is required'],
    ],
    ['output "o" { value = var.missing }', ['var.missing: no such variable']],
    ['output "o" { value = local.missing }', ['local.missing: no such local value']],
    ['output "o" { value = module.missing.id }', ['module.missing.id: no such module']],
    ['output "o" { value = lcoal.a }', ['lcoal.a: nothing of that name is declared']],
    [
      'resource "google_pubsub_topic" "one" { name = "n" }\noutput "o" { value = google_pubsub_topic.one.nmae }',
      ['google_pubsub_topic.one.nmae: no attribute nmae'],
    ],
    ['resource "google_unheard_of" "one" {}', ['google_unheard_of is not in test/terraform/schema: add its entry']],
    ['variable "idle" {}', ['var.idle is used nowhere']],
    [
      'module "inner" {\n source = "./inner"\n sise = 1\n}',
      ['module.inner has no variable sise', 'module.inner lacks size, which is required'],
    ],
    [
      'module "inner" {\n source = "./inner"\n size = 1\n}\noutput "o" { value = module.inner.di }',
      ['module.inner.di: the module has no such output'],
    ],
  ])('%s', async (text, expected) => {
    expect(await problemsIn(text)).toEqual(expected);
  });

  it('says where the syntax is wrong', async () => {
    await expect(problemsIn('resource "a" "b" {')).rejects.toThrow(/main\.tf:1/);
  });
});
