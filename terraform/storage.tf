# The intake bucket, where CSVs are dropped, and the state bucket, which is the system's memory.

resource "google_storage_bucket" "intake" {
  project                     = var.project_id
  name                        = local.intake_bucket
  location                    = var.region
  force_destroy               = var.allow_destroy
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  labels                      = local.labels

  # No versioning: a generation that was replaced has to be gone for the functions, or it would be imported, too.
  versioning {
    enabled = false
  }

  # A file that somebody replaced or deleted before it was read can be brought back for a week.
  soft_delete_policy {
    retention_duration_seconds = 604800
  }

  # Nothing else expires here: a file that lies in intake has not been dealt with yet.
  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }
    condition {
      age = 7
    }
  }

  dynamic "encryption" {
    for_each = var.kms_key_name[*]
    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

locals {
  # Prefixes of the state bucket that age, in days. What is not named here never expires: open requests, batches,
  # claims (reservations/), quota, watches, and the candidates of image sweeps.
  _ages = {
    "archive/"         = var.history_days
    "events/"          = var.history_days
    "plans/"           = var.history_days
    "reports/"         = var.history_days
    "requests/closed/" = var.history_days
    "snapshots/"       = var.snapshot_days
    "staging/"         = var.staging_days
  }
  # One rule for all prefixes of one age.
  state_ages = { for prefix, days in local._ages : tostring(days) => prefix... }
}

resource "google_storage_bucket" "state" {
  project                     = var.project_id
  name                        = local.state_bucket
  location                    = var.region
  force_destroy               = var.allow_destroy
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  labels                      = local.labels

  # A person's mistake can be undone for two weeks. Soft delete would do that, too, but keeps each of the many short-lived
  # generations of open records for a week at least: https://cloud.google.com/storage/docs/soft-delete
  versioning {
    enabled = true
  }
  soft_delete_policy {
    retention_duration_seconds = 0
  }

  dynamic "lifecycle_rule" {
    for_each = local.state_ages
    content {
      action {
        type = "Delete"
      }
      condition {
        age            = tonumber(lifecycle_rule.key)
        matches_prefix = lifecycle_rule.value
        with_state     = "LIVE"
      }
    }
  }

  # Written up to once a second, and of no use once replaced.
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = 1
      matches_prefix             = ["batches/open/", "quota/", "requests/open/", "reservations/", "staging/", "watches/"]
      with_state                 = "ARCHIVED"
    }
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = 14
      with_state                 = "ARCHIVED"
    }
  }

  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }
    condition {
      age = 7
    }
  }

  dynamic "encryption" {
    for_each = var.kms_key_name[*]
    content {
      default_kms_key_name = encryption.value
    }
  }

  lifecycle {
    precondition {
      condition     = local.state_bucket != local.intake_bucket
      error_message = "state_bucket must not be the intake bucket: what the system writes would wake it."
    }
    precondition {
      condition     = length(setintersection(local.image_buckets, [local.intake_bucket, local.state_bucket])) == 0
      error_message = "removable_images and image_buckets must not name the intake or the state bucket."
    }
    precondition {
      condition     = var.purge_max_products <= var.max_products_ceiling
      error_message = "purge_max_products must not be above max_products_ceiling."
    }
    precondition {
      condition     = tonumber(lookup(var.settings, "IMPORT_RESERVE", "0")) < var.imports_per_day
      error_message = "IMPORT_RESERVE in settings must be below imports_per_day, or no file could ever be imported."
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}
