# One page: what ended how, what waits, what it costs in quota.

locals {
  _metric = { for key, metric in google_logging_metric.message : key => "${local._run} AND metric.type=\"logging.googleapis.com/user/${metric.name}\"" }
  _charts = [
    { title = "Requests ended, by outcome", filter = local._metric["requests_ended"], aligner = "ALIGN_DELTA", by = ["metric.label.outcome"], reducer = "REDUCE_SUM" },
    { title = "Imports started in 24 hours (quota: ${var.imports_per_day})", filter = local._metric["imports_started"], aligner = "ALIGN_DELTA", by = [], reducer = "REDUCE_SUM", period = "86400s" },
    { title = "Calls of the functions, by function", filter = "${local._requests} AND ${local._any_of_ours}", aligner = "ALIGN_DELTA", by = ["resource.label.service_name"], reducer = "REDUCE_SUM" },
    { title = "Errors of the functions, by function", filter = "${local._requests} AND ${local._any_of_ours} AND metric.labels.response_code_class=\"5xx\"", aligner = "ALIGN_DELTA", by = ["resource.label.service_name"], reducer = "REDUCE_SUM" },
    { title = "Time of a call, 95th percentile (ms)", filter = "${local._run} AND ${local._any_of_ours} AND metric.type=\"run.googleapis.com/request_latencies\"", aligner = "ALIGN_PERCENTILE_95", by = ["resource.label.service_name"], reducer = "REDUCE_MAX" },
    { title = "Instances, by function", filter = "${local._run} AND ${local._any_of_ours} AND metric.type=\"run.googleapis.com/container/instance_count\"", aligner = "ALIGN_MAX", by = ["resource.label.service_name"], reducer = "REDUCE_SUM" },
    { title = "Oldest message that waits (s)", filter = local.metric_alerts.late_messages.filter, aligner = "ALIGN_MAX", by = ["resource.label.subscription_id"], reducer = "REDUCE_MAX" },
    { title = "Dead letters", filter = local.metric_alerts.dead_letters.filter, aligner = "ALIGN_MAX", by = [], reducer = "REDUCE_MAX" },
    { title = "Messages that were no command", filter = local._metric["messages_rejected"], aligner = "ALIGN_DELTA", by = [], reducer = "REDUCE_SUM" },
  ]
}

resource "google_monitoring_dashboard" "this" {
  project = var.project_id
  dashboard_json = jsonencode({
    displayName = "Product Search"
    gridLayout = {
      columns = "3"
      widgets = [for chart in local._charts : {
        title = chart.title
        xyChart = {
          dataSets = [{
            plotType = "LINE"
            timeSeriesQuery = {
              timeSeriesFilter = {
                filter = chart.filter
                aggregation = {
                  alignmentPeriod    = try(chart.period, "300s")
                  perSeriesAligner   = chart.aligner
                  crossSeriesReducer = chart.reducer
                  groupByFields      = chart.by
                }
              }
            }
          }]
        }
      }]
    }
  })
  depends_on = [google_project_service.this]
}
