# Counters out of the functions' own log lines. test/terraform checks that the code writes every message named here.

locals {
  _log_of_functions = join(" AND ", [
    "resource.type=\"cloud_run_revision\"",
    "resource.labels.service_name=(${join(" OR ", [for name in keys(local.functions) : "\"${name}\""])})",
  ])

  # message: the static message of the line; labels: fields of the line that the counter is split by.
  log_metrics = {
    requests_ended    = { message = "request ended", labels = ["outcome", "request"], description = "Requests that have ended" }
    imports_started   = { message = "import started", labels = [], description = "Imports started at Product Search; the quota is per day" }
    messages_rejected = { message = "message rejected", labels = [], description = "Messages on the commands topic that were no command" }
    operation_stalled = { message = "operation stalled", labels = [], description = "Operations that have been running for a day" }
  }
}

resource "google_logging_metric" "message" {
  for_each    = local.log_metrics
  project     = var.project_id
  name        = "product_search/${each.key}"
  description = each.value.description
  filter      = "${local._log_of_functions} AND jsonPayload.message=\"${each.value.message}\""

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    dynamic "labels" {
      for_each = each.value.labels
      content {
        key        = labels.value
        value_type = "STRING"
      }
    }
  }
  label_extractors = { for label in each.value.labels : label => "EXTRACT(jsonPayload.${label})" }

  depends_on = [google_project_service.this]
}

resource "google_logging_metric" "errors" {
  project     = var.project_id
  name        = "product_search/errors"
  description = "Lines of severity ERROR and above"
  filter      = "${local._log_of_functions} AND severity>=ERROR"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    labels {
      key        = "service"
      value_type = "STRING"
    }
  }
  label_extractors = { service = "EXTRACT(resource.labels.service_name)" }

  depends_on = [google_project_service.this]
}
