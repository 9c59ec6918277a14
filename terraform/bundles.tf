# From dist/<function>/ to an image: an archive whose name carries its content's hash, so that a new build is a new
# deployment and an old one is no change, and a build account that can do nothing else.

data "archive_file" "bundle" {
  for_each         = local.functions
  type             = "zip"
  source_dir       = "${local.bundles_dir}/${each.value.entry_point}"
  output_path      = "${local.bundles_dir}/${each.value.entry_point}.zip"
  output_file_mode = "0644" # the same archive whoever has built it
}

resource "google_storage_bucket" "bundles" {
  project                     = var.project_id
  name                        = "${var.project_id}-product-search-bundles"
  location                    = var.region
  force_destroy               = true # nothing in it that a build does not make again
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  labels                      = local.labels

  soft_delete_policy {
    retention_duration_seconds = 0
  }

  dynamic "encryption" {
    for_each = var.kms_key_name[*]
    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

resource "google_storage_bucket_object" "bundle" {
  for_each     = local.functions
  bucket       = google_storage_bucket.bundles.name
  name         = "${each.key}-${data.archive_file.bundle[each.key].output_md5}.zip"
  source       = data.archive_file.bundle[each.key].output_path
  content_type = "application/zip"

  lifecycle {
    create_before_destroy = true # until the function runs on the new one, the old one is still its source
  }
}

resource "google_artifact_registry_repository" "images" {
  project       = var.project_id
  location      = var.region
  repository_id = "product-search-functions"
  description   = "Images of the functions of product-search-cleanup"
  format        = "DOCKER"
  kms_key_name  = var.kms_key_name
  labels        = local.labels

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

resource "google_service_account" "build" {
  project      = var.project_id
  account_id   = "product-search-build"
  display_name = "Builds the functions' images"
  depends_on   = [google_project_service.this]
}

resource "google_project_iam_member" "build_logs" {
  project = var.project_id
  role    = "roles/logging.logWriter"
  member  = google_service_account.build.member
}

# Cloud Functions copies each archive into a bucket of its own and builds from there:
# https://cloud.google.com/functions/docs/building
resource "google_project_iam_member" "build_sources" {
  project = var.project_id
  role    = "roles/storage.objectViewer"
  member  = google_service_account.build.member

  condition {
    title      = "function-sources-only"
    expression = "resource.name.startsWith(\"projects/_/buckets/gcf-v2-sources-${data.google_project.this.number}-\")"
  }
}

resource "google_artifact_registry_repository_iam_member" "build_images" {
  project    = var.project_id
  location   = google_artifact_registry_repository.images.location
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.build.member
}
