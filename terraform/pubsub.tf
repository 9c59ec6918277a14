# Topics. Their push subscriptions belong to the functions that they wake: modules/event-function.

locals {
  pubsub_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

resource "google_pubsub_topic" "this" {
  for_each     = toset(["commands", "continuations", "dead-letters", "events"])
  project      = var.project_id
  name         = "product-search-${each.key}"
  kms_key_name = var.kms_key_name
  labels       = local.labels

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

resource "google_pubsub_topic_iam_member" "dead_letter_publisher" {
  project = var.project_id
  topic   = google_pubsub_topic.this["dead-letters"].name
  role    = "roles/pubsub.publisher"
  member  = local.pubsub_agent
}

# Without a subscription, what is published to the dead letter topic is lost. `product-search-cleanup replay` reads here.
resource "google_pubsub_subscription" "dead_letters" {
  project                    = var.project_id
  name                       = "product-search-dead-letters-pull"
  topic                      = google_pubsub_topic.this["dead-letters"].id
  labels                     = local.labels
  ack_deadline_seconds       = 60
  message_retention_duration = "2678400s" # 31 days, the most that there is

  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_topic_iam_member" "command_publishers" {
  for_each = toset(var.command_publishers)
  project  = var.project_id
  topic    = google_pubsub_topic.this["commands"].name
  role     = "roles/pubsub.publisher"
  member   = each.value
}

resource "google_pubsub_topic_iam_member" "event_subscribers" {
  for_each = toset(var.event_subscribers)
  project  = var.project_id
  topic    = google_pubsub_topic.this["events"].name
  role     = "roles/pubsub.subscriber"
  member   = each.value
}
