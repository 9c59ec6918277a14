output "commands_topic" {
  description = "Publish commands here."
  value       = google_pubsub_topic.this["commands"].id
}

output "console_url" {
  description = "The console; open it with `gcloud run services proxy console`."
  value       = module.functions["console"].uri
}

output "dashboard" {
  description = "The dashboard in Cloud Monitoring."
  value       = google_monitoring_dashboard.this.id
}

output "dead_letters_subscription" {
  description = "Read what could not be delivered here: `product-search-cleanup replay`."
  value       = google_pubsub_subscription.dead_letters.id
}

output "events_topic" {
  description = "Subscribe to events here."
  value       = google_pubsub_topic.this["events"].id
}

output "functions" {
  description = "Service account (as an IAM member) and address of each function."
  value       = { for name, function in module.functions : name => { member = function.member, uri = function.uri } }
}

output "intake_bucket" {
  description = "Drop CSVs here."
  value       = "gs://${google_storage_bucket.intake.name}"
}

output "state_bucket" {
  description = "Ledger, reports, snapshots and the archive."
  value       = "gs://${google_storage_bucket.state.name}"
}
