# With bigquery_enabled every event lands in a table, without a function in between.

resource "google_bigquery_dataset" "events" {
  count                      = var.bigquery_enabled ? 1 : 0
  project                    = var.project_id
  dataset_id                 = "product_search_events"
  description                = "Events of product-search-cleanup"
  location                   = var.region
  delete_contents_on_destroy = var.allow_destroy
  labels                     = local.labels

  dynamic "default_encryption_configuration" {
    for_each = var.kms_key_name[*]
    content {
      kms_key_name = default_encryption_configuration.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

# The columns that a subscription with metadata writes: https://cloud.google.com/pubsub/docs/bigquery
resource "google_bigquery_table" "messages" {
  count               = var.bigquery_enabled ? 1 : 0
  project             = var.project_id
  dataset_id          = google_bigquery_dataset.events[0].dataset_id
  table_id            = "messages"
  description         = "Events as they were published; one may stand here twice, with the same ce-id"
  deletion_protection = !var.allow_destroy
  labels              = local.labels

  time_partitioning {
    type  = "DAY"
    field = "publish_time"
  }

  schema = jsonencode([
    { name = "subscription_name", type = "STRING", mode = "NULLABLE" },
    { name = "message_id", type = "STRING", mode = "NULLABLE" },
    { name = "publish_time", type = "TIMESTAMP", mode = "NULLABLE" },
    { name = "data", type = "JSON", mode = "NULLABLE" },
    { name = "attributes", type = "JSON", mode = "NULLABLE" },
  ])
}

resource "google_bigquery_table" "events" {
  count               = var.bigquery_enabled ? 1 : 0
  project             = var.project_id
  dataset_id          = google_bigquery_dataset.events[0].dataset_id
  table_id            = "events"
  description         = "Each event once, by its id"
  deletion_protection = false
  labels              = local.labels

  view {
    use_legacy_sql = false
    query          = <<-SQL
      SELECT
        JSON_VALUE(attributes, '$."ce-id"') AS id,
        JSON_VALUE(attributes, '$."ce-type"') AS type,
        JSON_VALUE(attributes, '$."ce-subject"') AS subject,
        TIMESTAMP(JSON_VALUE(attributes, '$."ce-time"')) AS time,
        JSON_VALUE(data, '$.requestId') AS request_id,
        JSON_VALUE(data, '$.request') AS request,
        JSON_VALUE(data, '$.location') AS location,
        JSON_VALUE(data, '$.outcome') AS outcome,
        data
      FROM `${var.project_id}.${google_bigquery_dataset.events[0].dataset_id}.${google_bigquery_table.messages[0].table_id}`
      WHERE TRUE
      QUALIFY ROW_NUMBER() OVER (PARTITION BY JSON_VALUE(attributes, '$."ce-id"') ORDER BY publish_time) = 1
    SQL
  }
}

resource "google_bigquery_dataset_iam_member" "writer" {
  count      = var.bigquery_enabled ? 1 : 0
  project    = var.project_id
  dataset_id = google_bigquery_dataset.events[0].dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = local.pubsub_agent
}

resource "google_pubsub_subscription" "bigquery" {
  count                      = var.bigquery_enabled ? 1 : 0
  project                    = var.project_id
  name                       = "product-search-events-bigquery"
  topic                      = google_pubsub_topic.this["events"].id
  labels                     = local.labels
  message_retention_duration = "604800s"

  expiration_policy {
    ttl = ""
  }

  bigquery_config {
    table          = "${var.project_id}.${google_bigquery_dataset.events[0].dataset_id}.${google_bigquery_table.messages[0].table_id}"
    write_metadata = true
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.this["dead-letters"].id
    max_delivery_attempts = 100
  }

  depends_on = [google_bigquery_dataset_iam_member.writer]
}

resource "google_pubsub_subscription_iam_member" "bigquery_forwarder" {
  count        = var.bigquery_enabled ? 1 : 0
  project      = var.project_id
  subscription = google_pubsub_subscription.bigquery[0].name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}
