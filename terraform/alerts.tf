# What wakes somebody. Each alert says what it means and what to do first; the rest is in docs/runbook.md.

locals {
  _run         = "resource.type=\"cloud_run_revision\""
  _requests    = "${local._run} AND metric.type=\"run.googleapis.com/request_count\""
  _any_of_ours = "resource.labels.service_name=one_of(${join(",", [for name in keys(local.functions) : "\"${name}\""])})"
  _queue       = "resource.type=\"pubsub_subscription\" AND metric.type=\"pubsub.googleapis.com/subscription"
  _queues      = "resource.labels.subscription_id=one_of(\"${local.commands_push_id}\",\"${local.continuation_push_id}\")"

  # Google's own metrics: a condition holds where the reduced value of a window is above `above` for `lasting`.
  metric_alerts = {
    dead_letters = {
      title     = "Product Search: dead letters"
      severity  = "ERROR"
      filter    = "${local._queue}/num_undelivered_messages\" AND resource.labels.subscription_id=\"${google_pubsub_subscription.dead_letters.name}\""
      aligner   = "ALIGN_MAX"
      reducer   = "REDUCE_MAX"
      window    = "300s"
      lasting   = "0s"
      above     = 0
      what_next = "Messages could not be delivered 100 times over and wait in product-search-dead-letters-pull for 31 days. Read them with `product-search-cleanup replay --dry-run`, mend the cause, then replay them."
    }
    late_messages = {
      title     = "Product Search: messages wait for more than an hour"
      severity  = "WARNING"
      filter    = "${local._queue}/oldest_unacked_message_age\" AND ${local._queues}"
      aligner   = "ALIGN_MAX"
      reducer   = "REDUCE_MAX"
      window    = "300s"
      lasting   = "300s"
      above     = 3600
      what_next = "A function refuses its messages or cannot keep up. Look for its ERROR lines; after about 16 hours the messages become dead letters."
    }
    failed_calls = {
      title     = "Product Search: a function answers with errors"
      severity  = "ERROR"
      filter    = "${local._requests} AND ${local._any_of_ours} AND metric.labels.response_code_class=\"5xx\""
      aligner   = "ALIGN_DELTA"
      reducer   = "REDUCE_SUM"
      window    = "600s"
      lasting   = "0s"
      above     = 3
      what_next = "Read the function's ERROR lines: a faulty configuration names every variable that is wrong. Whatever was sent is delivered again."
    }
  }

  # Our own counters: how often a line was written within `window`. `only` selects by label.
  log_alerts = {
    failed_requests = {
      title     = "Product Search: a request has failed"
      severity  = "WARNING"
      metric    = google_logging_metric.message["requests_ended"].name
      only      = ",outcome=\"failed\""
      window    = "10m"
      above     = 0
      what_next = "The line `request ended` names the request; its event and requests/closed/ID.json in the state bucket say why. For an import, retry.csv in its report holds every line that is not in."
    }
    stalled_operations = {
      title     = "Product Search: an operation has been running for a day"
      severity  = "WARNING"
      metric    = google_logging_metric.message["operation_stalled"].name
      only      = ""
      window    = "10m"
      above     = 0
      what_next = "The line `operation stalled` names request and operation. Others may wait for its claim. If it never ends, `cancelRequest` with force abandons it."
    }
    import_quota = {
      title     = "Product Search: four fifths of the day's imports are used"
      severity  = "WARNING"
      metric    = google_logging_metric.message["imports_started"].name
      only      = ""
      window    = "24h"
      above     = floor(var.imports_per_day * 0.8)
      what_next = "Files are held now and go together in fewer imports; nothing is lost. Urgent ones go to urgent/. If this is every day, ask Google for more imports and raise imports_per_day."
    }
    error_lines = {
      title     = "Product Search: errors in the log"
      severity  = "WARNING"
      metric    = google_logging_metric.errors.name
      only      = ""
      window    = "10m"
      above     = 0
      what_next = "A part of the work failed and is tried again by the tick. The line says which; if it comes again and again, it needs somebody."
    }
  }

  channels = concat(var.notification_channels, [for channel in google_monitoring_notification_channel.email : channel.name])
}

resource "google_monitoring_notification_channel" "email" {
  for_each     = toset(var.alert_emails)
  project      = var.project_id
  display_name = "Product Search: ${each.value}"
  type         = "email"
  labels       = { email_address = each.value }
  depends_on   = [google_project_service.this]
}

resource "google_monitoring_alert_policy" "metric" {
  for_each              = local.metric_alerts
  project               = var.project_id
  display_name          = each.value.title
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = local.channels
  user_labels           = local.labels

  conditions {
    display_name = each.value.title
    condition_threshold {
      filter          = each.value.filter
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.above
      duration        = each.value.lasting
      aggregations {
        alignment_period     = each.value.window
        per_series_aligner   = each.value.aligner
        cross_series_reducer = each.value.reducer
      }
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  documentation {
    content   = each.value.what_next
    mime_type = "text/markdown"
  }
}

# In PromQL, because a counter that was made in the same apply is unknown to Monitoring for up to ten minutes, and a filter on
# it would be refused: https://github.com/hashicorp/terraform-provider-google/issues/11102
resource "google_monitoring_alert_policy" "log" {
  for_each              = local.log_alerts
  project               = var.project_id
  display_name          = each.value.title
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = local.channels
  user_labels           = local.labels

  conditions {
    display_name = each.value.title
    condition_prometheus_query_language {
      query                     = "sum(increase(logging_googleapis_com:user_${replace(each.value.metric, "/", "_")}{monitored_resource=\"cloud_run_revision\"${each.value.only}}[${each.value.window}])) > ${each.value.above}"
      duration                  = "0s"
      evaluation_interval       = "60s"
      disable_metric_validation = true
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  documentation {
    content   = each.value.what_next
    mime_type = "text/markdown"
  }
}

resource "google_monitoring_alert_policy" "no_tick" {
  project               = var.project_id
  display_name          = "Product Search: no tick for 10 minutes"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = local.channels
  user_labels           = local.labels

  conditions {
    display_name = "poll-operations has not answered with success for 10 minutes"
    condition_absent {
      filter   = "${local._requests} AND resource.labels.service_name=\"${module.functions["poll-operations"].name}\" AND metric.labels.response_code_class=\"2xx\""
      duration = "600s"
      aggregations {
        alignment_period     = "60s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  documentation {
    content   = "Nothing that waits goes on: no operation is polled, no claim granted, no lost file found. See whether the scheduler job poll-operations is paused and what the function's ERROR lines say. Nothing is lost meanwhile."
    mime_type = "text/markdown"
  }
}
