# The scheduler job of a function that the clock wakes.

resource "google_cloud_scheduler_job" "call" {
  count            = var.schedule == null ? 0 : 1
  project          = var.project_id
  region           = var.region
  name             = var.name
  description      = var.description
  schedule         = var.schedule.cron
  time_zone        = var.schedule.time_zone
  attempt_deadline = "${var.limits.timeout_seconds}s"

  # The next firing is the real retry; this one bridges the start of a new revision.
  retry_config {
    retry_count          = 1
    min_backoff_duration = "5s"
    max_backoff_duration = "20s"
  }

  http_target {
    uri         = "${google_cloudfunctions2_function.this.service_config[0].uri}/"
    http_method = "POST"
    oidc_token {
      service_account_email = google_service_account.invoker[0].email
      audience              = google_cloudfunctions2_function.this.service_config[0].uri
    }
  }

  depends_on = [google_cloud_run_v2_service_iam_member.invoker]
}
