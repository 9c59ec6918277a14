# One function with everything that is its own: identity, limits, and the one way in.

locals {
  _triggers    = [for trigger in [var.storage_trigger, var.subscription, var.schedule] : trigger if trigger != null]
  _has_invoker = length(local._triggers) > 0
}

resource "google_service_account" "runtime" {
  project      = var.project_id
  account_id   = var.name
  display_name = "${var.entry_point}: what the function may do"
}

# Who calls the function is not who the function is: this account may do nothing but call it.
resource "google_service_account" "invoker" {
  count        = local._has_invoker ? 1 : 0
  project      = var.project_id
  account_id   = "${var.name}-invoker"
  display_name = "${var.entry_point}: calls the function, and nothing else"
}

resource "google_cloudfunctions2_function" "this" {
  project      = var.project_id
  location     = var.region
  name         = var.name # kebab case: the Cloud Run service then has the same name
  description  = var.description
  kms_key_name = var.kms_key_name
  labels       = var.labels

  build_config {
    runtime           = var.runtime
    entry_point       = var.entry_point
    docker_repository = var.build.repository
    service_account   = var.build.service_account
    source {
      storage_source {
        bucket = var.bundle.bucket
        object = var.bundle.object
      }
    }
  }

  service_config {
    service_account_email            = google_service_account.runtime.email
    timeout_seconds                  = var.limits.timeout_seconds
    available_memory                 = var.limits.memory
    available_cpu                    = var.limits.cpu
    max_instance_request_concurrency = var.limits.concurrency
    min_instance_count               = var.limits.min_instances
    max_instance_count               = var.limits.max_instances
    ingress_settings                 = var.ingress
    all_traffic_on_latest_revision   = true
    environment_variables            = var.environment

    dynamic "secret_environment_variables" {
      for_each = var.secret_environment
      content {
        key        = secret_environment_variables.key
        project_id = var.project_id
        secret     = secret_environment_variables.value.secret
        version    = secret_environment_variables.value.version
      }
    }
  }

  dynamic "event_trigger" {
    for_each = var.storage_trigger == null ? [] : [var.storage_trigger]
    content {
      event_type            = "google.cloud.storage.object.v1.finalized"
      trigger_region        = event_trigger.value.region # the bucket's own, wherever the function is
      service_account_email = google_service_account.invoker[0].email
      # Unless it is said, a failed event is dropped: https://cloud.google.com/functions/docs/bestpractices/retries
      retry_policy = "RETRY_POLICY_RETRY"
      event_filters {
        attribute = "bucket"
        value     = event_trigger.value.bucket
      }
    }
  }

  lifecycle {
    precondition {
      condition     = length(local._triggers) <= 1
      error_message = "${var.name} has more than one of storage_trigger, subscription and schedule; give one, or none for a function that people call."
    }
  }

  depends_on = [
    google_project_iam_member.event_receiver,
    google_secret_manager_secret_iam_member.reader,
  ]
}

resource "google_secret_manager_secret_iam_member" "reader" {
  for_each  = var.secret_environment
  project   = var.project_id
  secret_id = each.value.secret
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.runtime.member
}

resource "google_project_iam_member" "event_receiver" {
  count   = var.storage_trigger == null ? 0 : 1
  project = var.project_id
  role    = "roles/eventarc.eventReceiver"
  member  = google_service_account.invoker[0].member
}

resource "google_cloud_run_v2_service_iam_member" "invoker" {
  count    = local._has_invoker ? 1 : 0
  project  = var.project_id
  location = google_cloudfunctions2_function.this.location
  name     = google_cloudfunctions2_function.this.name
  role     = "roles/run.invoker"
  member   = google_service_account.invoker[0].member
}

resource "google_cloud_run_v2_service_iam_member" "people" {
  for_each = toset(var.invokers)
  project  = var.project_id
  location = google_cloudfunctions2_function.this.location
  name     = google_cloudfunctions2_function.this.name
  role     = "roles/run.invoker"
  member   = each.value
}
