# Project, names, and what the functions are told. One installation a project: quotas and operations of Product Search
# belong to the project, and two installations would each think that they had all of them.

data "google_project" "this" {
  project_id = var.project_id
}

locals {
  intake_bucket = coalesce(var.intake_bucket, "${var.project_id}-product-search-intake")
  state_bucket  = coalesce(var.state_bucket, "${var.project_id}-product-search-state")
  bundles_dir   = coalesce(var.bundles_dir, "${path.module}/../dist")
  labels        = merge({ application = "product-search-cleanup" }, var.labels)

  # gs://bucket/prefix/ as [bucket, prefix]
  _folder              = "^gs://([^/]+)/(.*)$"
  removable            = [for folder in var.removable_images : regex(local._folder, folder)]
  image_buckets        = setunion(var.image_buckets, local.removable[*][0])
  list_buckets         = toset([for folder in var.list_sources : regex(local._folder, folder)[0]])
  commands_push_id     = "product-search-commands-push"
  continuation_push_id = "product-search-continuations-push"

  # Every function gets all of it: the code reads its configuration whole and refuses to start with a fault in it.
  environment = merge(
    { for name, value in local._choices : name => value if value != "" },
    {
      GOOGLE_CLOUD_PROJECT       = var.project_id
      INTAKE_BUCKET              = local.intake_bucket
      STATE_BUCKET               = local.state_bucket
      PRODUCT_SEARCH_LOCATION    = var.product_search_location
      COMMANDS_TOPIC             = "product-search-commands"
      EVENTS_TOPIC               = "product-search-events"
      CONTINUATIONS_TOPIC        = "product-search-continuations"
      COMMANDS_SUBSCRIPTION      = local.commands_push_id
      CONTINUATIONS_SUBSCRIPTION = local.continuation_push_id
    },
  )
  _choices = merge(var.settings, {
    ALLOWED_COMMANDS       = join(",", var.allowed_commands)
    IMPORTS_PER_DAY        = tostring(var.imports_per_day)
    LIST_SOURCES           = join(",", var.list_sources)
    MAX_PRODUCTS_CEILING   = tostring(var.max_products_ceiling)
    ON_INVALID_LINES       = var.on_invalid_lines
    PROTECTED_PRODUCT_SETS = join(",", var.protected_product_sets)
    PURGE_MAX_PRODUCTS     = tostring(var.purge_max_products)
    REMOVABLE_IMAGES       = join(",", var.removable_images)
  })

  # Credentials come out of Secret Manager, and only to the functions that work on commands.
  cloudinary_environment = var.cloudinary_secret == null ? {} : { CLOUDINARY_URL = var.cloudinary_secret }
}

resource "google_project_service" "this" {
  for_each = toset(concat(
    [
      "artifactregistry.googleapis.com",
      "cloudbuild.googleapis.com",
      "cloudfunctions.googleapis.com",
      "cloudscheduler.googleapis.com",
      "eventarc.googleapis.com",
      "iam.googleapis.com",
      "logging.googleapis.com",
      "monitoring.googleapis.com",
      "pubsub.googleapis.com",
      "run.googleapis.com",
      "storage.googleapis.com",
      "vision.googleapis.com",
    ],
    var.cloudinary_secret == null ? [] : ["secretmanager.googleapis.com"],
    var.bigquery_enabled ? ["bigquery.googleapis.com"] : [],
    var.kms_key_name == null ? [] : ["cloudkms.googleapis.com"],
  ))
  project            = var.project_id
  service            = each.value
  disable_on_destroy = false # other programs of the project may use it by then
}
