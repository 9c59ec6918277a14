# The push subscription of a function that messages wake. Eventarc's own subscriptions take no dead letter policy.

resource "google_pubsub_subscription" "push" {
  count                      = var.subscription == null ? 0 : 1
  project                    = var.project_id
  name                       = var.subscription.name
  topic                      = var.subscription.topic
  labels                     = var.labels
  ack_deadline_seconds       = 600 # also how long Pub/Sub waits for the function; its timeout must be shorter
  message_retention_duration = "604800s"

  expiration_policy {
    ttl = "" # never: by default a subscription that was idle for 31 days is deleted
  }

  push_config {
    push_endpoint = google_cloudfunctions2_function.this.service_config[0].uri
    oidc_token {
      service_account_email = google_service_account.invoker[0].email
      audience              = google_cloudfunctions2_function.this.service_config[0].uri
    }
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = var.subscription.dead_letter_topic
    max_delivery_attempts = 100 # with this back-off about 16 hours of outage; 10 would be 40 minutes
  }

  lifecycle {
    precondition {
      condition     = var.limits.timeout_seconds < 600
      error_message = "${var.name} may run for ${var.limits.timeout_seconds} s, but Pub/Sub delivers a message again after 600 s; limits.timeout_seconds must be below 600."
    }
  }

  depends_on = [google_cloud_run_v2_service_iam_member.invoker]
}

# Whoever forwards a message to the dead letter topic acknowledges it here.
resource "google_pubsub_subscription_iam_member" "dead_letter_forwarder" {
  count        = var.subscription == null ? 0 : 1
  project      = var.project_id
  subscription = google_pubsub_subscription.push[0].name
  role         = "roles/pubsub.subscriber"
  member       = var.subscription.pubsub_agent
}
