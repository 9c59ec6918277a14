output "member" {
  description = "The function's own service account as an IAM member."
  value       = google_service_account.runtime.member
}

output "name" {
  description = "Name of the function, and of its Cloud Run service."
  value       = google_cloudfunctions2_function.this.name
}

output "subscription" {
  description = "Name of the push subscription; null where there is none."
  value       = one(google_pubsub_subscription.push[*].name)
}

output "uri" {
  description = "Where the function answers."
  value       = google_cloudfunctions2_function.this.service_config[0].uri
}
