# The five functions, by their deployed names: how each is woken, and what it may use up.

data "google_storage_project_service_account" "agent" {
  project = var.project_id
}

# A finalize trigger travels over Pub/Sub: https://cloud.google.com/eventarc/docs/run/create-trigger-storage-gcloud
resource "google_project_iam_member" "storage_agent" {
  project = var.project_id
  role    = "roles/pubsub.publisher"
  member  = data.google_storage_project_service_account.agent.member
}

locals {
  # An instance takes one request at a time where a request may hold a whole file or listing in memory. The timeout is
  # twice an invocation's working time (INVOCATION_SECONDS, 240) and below Pub/Sub's 600 s.
  _work = {
    timeout_seconds = 540
    memory          = "1Gi"
    cpu             = "1"
    concurrency     = 1
    min_instances   = 0
    max_instances   = 20
  }

  functions = {
    import-product-sets = {
      entry_point = "importProductSets"
      description = "Turns a CSV that was dropped in the intake bucket into an import"
      limits      = local._work
      works       = true
    }
    run-command = {
      entry_point = "runCommand"
      description = "Turns a message on the commands topic into a request"
      limits      = local._work
      works       = true
    }
    continue-request = {
      entry_point = "continueRequest"
      description = "Goes on with a request that another invocation has left off"
      limits      = local._work
      works       = true
    }
    poll-operations = {
      entry_point = "pollOperations"
      description = "The tick: wakes what is due, polls operations, finds files that were missed"
      limits      = merge(local._work, { timeout_seconds = 300, memory = "512Mi", max_instances = 3 })
      works       = true
    }
    console = {
      entry_point = "console"
      description = "Shows requests, product sets and events; changes nothing"
      limits      = merge(local._work, { timeout_seconds = 60, memory = "512Mi", concurrency = 20, max_instances = 3 })
      works       = false
    }
  }

  _storage_triggers = {
    import-product-sets = { bucket = google_storage_bucket.intake.name, region = lower(google_storage_bucket.intake.location) }
  }
  _subscriptions = {
    run-command      = { name = local.commands_push_id, topic = google_pubsub_topic.this["commands"].id }
    continue-request = { name = local.continuation_push_id, topic = google_pubsub_topic.this["continuations"].id }
  }
  _schedules = {
    poll-operations = { cron = var.poll_schedule, time_zone = var.time_zone }
  }
}

module "functions" {
  source   = "./modules/event-function"
  for_each = local.functions

  project_id   = var.project_id
  region       = var.region
  name         = each.key
  entry_point  = each.value.entry_point
  description  = each.value.description
  runtime      = var.runtime
  labels       = local.labels
  kms_key_name = var.kms_key_name
  limits = merge(each.value.limits, {
    for name, value in try(var.function_limits[each.key], {}) : name => value if value != null
  })

  bundle = {
    bucket = google_storage_bucket_object.bundle[each.key].bucket
    object = google_storage_bucket_object.bundle[each.key].name
  }
  build = {
    repository      = google_artifact_registry_repository.images.id
    service_account = "projects/${var.project_id}/serviceAccounts/${google_service_account.build.email}"
  }

  environment        = local.environment
  secret_environment = contains(["continue-request", "run-command"], each.key) ? local.cloudinary_environment : {}

  storage_trigger = lookup(local._storage_triggers, each.key, null)
  schedule        = lookup(local._schedules, each.key, null)
  subscription = !contains(keys(local._subscriptions), each.key) ? null : merge(local._subscriptions[each.key], {
    dead_letter_topic = google_pubsub_topic.this["dead-letters"].id
    pubsub_agent      = local.pubsub_agent
  })

  # People come from outside; everything else comes from Google's own services, which count as internal:
  # https://cloud.google.com/run/docs/securing/ingress
  ingress  = each.key == "console" ? var.console_ingress : "ALLOW_INTERNAL_ONLY"
  invokers = each.key == "console" ? var.console_members : []

  depends_on = [
    google_artifact_registry_repository_iam_member.build_images,
    google_kms_crypto_key_iam_member.agents,
    google_project_iam_member.build_logs,
    google_project_iam_member.build_sources,
    google_project_iam_member.storage_agent,
    google_project_service.this,
  ]
}
