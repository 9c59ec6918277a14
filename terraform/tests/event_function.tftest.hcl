# The one module that all functions are made of: each way in, with its retry, its dead letters and its own identity.

mock_provider "google" {}

variables {
  project_id  = "my-shop-1234"
  region      = "us-west1"
  name        = "run-command"
  entry_point = "runCommand"
  description = "A function"
  bundle      = { bucket = "bundles", object = "run-command-1.zip" }
  build       = { repository = "images", service_account = "projects/p/serviceAccounts/build@p.iam.gserviceaccount.com" }
  limits      = { concurrency = 1, cpu = "1", max_instances = 3, memory = "512Mi", min_instances = 0, timeout_seconds = 540 }
}

run "subscription" {
  command = apply
  module {
    source = "./modules/event-function"
  }
  variables {
    subscription = {
      dead_letter_topic = "projects/p/topics/dead-letters"
      name              = "commands-push"
      pubsub_agent      = "serviceAccount:pubsub@example.com"
      topic             = "projects/p/topics/commands"
    }
  }

  assert {
    condition     = google_pubsub_subscription.push[0].dead_letter_policy[0].dead_letter_topic == "projects/p/topics/dead-letters" && google_pubsub_subscription.push[0].dead_letter_policy[0].max_delivery_attempts == 100
    error_message = "The subscription needs a dead letter policy of 100 attempts."
  }
  assert {
    condition     = google_pubsub_subscription.push[0].retry_policy[0].minimum_backoff == "10s" && google_pubsub_subscription.push[0].retry_policy[0].maximum_backoff == "600s"
    error_message = "The subscription needs a back-off, or a failing function is called without a pause."
  }
  assert {
    condition     = google_pubsub_subscription.push[0].expiration_policy[0].ttl == ""
    error_message = "The subscription must not expire."
  }
  assert {
    condition     = google_pubsub_subscription.push[0].push_config[0].oidc_token[0].service_account_email == google_service_account.invoker[0].email
    error_message = "Pub/Sub must call the function as its invoker."
  }
  assert {
    condition     = google_pubsub_subscription.push[0].push_config[0].oidc_token[0].audience == google_cloudfunctions2_function.this.service_config[0].uri
    error_message = "The token must be meant for this function."
  }
  assert {
    condition     = google_pubsub_subscription_iam_member.dead_letter_forwarder[0].role == "roles/pubsub.subscriber"
    error_message = "Pub/Sub cannot forward what it may not acknowledge."
  }
  assert {
    condition     = google_cloudfunctions2_function.this.service_config[0].service_account_email == google_service_account.runtime.email && google_service_account.runtime.email != google_service_account.invoker[0].email
    error_message = "Function and caller need an identity each."
  }
  assert {
    condition     = google_cloudfunctions2_function.this.service_config[0].ingress_settings == "ALLOW_INTERNAL_ONLY" && google_cloud_run_v2_service_iam_member.invoker[0].member == google_service_account.invoker[0].member
    error_message = "Only the invoker may call it, and only from inside."
  }
}

run "storage" {
  command = apply
  module {
    source = "./modules/event-function"
  }
  variables {
    storage_trigger = { bucket = "intake", region = "us-west1" }
  }

  assert {
    condition     = google_cloudfunctions2_function.this.event_trigger[0].retry_policy == "RETRY_POLICY_RETRY"
    error_message = "Without a retry policy a failed event is dropped."
  }
  assert {
    condition     = google_cloudfunctions2_function.this.event_trigger[0].event_type == "google.cloud.storage.object.v1.finalized" && tolist(google_cloudfunctions2_function.this.event_trigger[0].event_filters)[0].value == "intake"
    error_message = "The trigger must be the finalize event of the intake bucket."
  }
  assert {
    condition     = google_cloudfunctions2_function.this.event_trigger[0].service_account_email == google_service_account.invoker[0].email && google_project_iam_member.event_receiver[0].role == "roles/eventarc.eventReceiver"
    error_message = "Eventarc must call it as its invoker, who may receive events."
  }
}

run "schedule" {
  command = apply
  module {
    source = "./modules/event-function"
  }
  variables {
    schedule = { cron = "* * * * *", time_zone = "Etc/UTC" }
  }

  assert {
    condition     = google_cloud_scheduler_job.call[0].http_target[0].oidc_token[0].service_account_email == google_service_account.invoker[0].email
    error_message = "Cloud Scheduler must call it as its invoker."
  }
  assert {
    condition     = google_cloud_scheduler_job.call[0].retry_config[0].retry_count == 1
    error_message = "A tick that meets a new revision is tried again."
  }
}

run "people" {
  command = apply
  module {
    source = "./modules/event-function"
  }
  variables {
    invokers = ["group:operators@example.com"]
  }

  assert {
    condition     = length(google_service_account.invoker) == 0 && [for member in google_cloud_run_v2_service_iam_member.people : member.member] == ["group:operators@example.com"]
    error_message = "Without a trigger only those who are named may call it."
  }
}

run "two_triggers" {
  command = plan
  module {
    source = "./modules/event-function"
  }
  variables {
    schedule        = { cron = "* * * * *", time_zone = "Etc/UTC" }
    storage_trigger = { bucket = "intake", region = "us-west1" }
  }
  expect_failures = [google_cloudfunctions2_function.this]
}

run "public" {
  command = plan
  module {
    source = "./modules/event-function"
  }
  variables {
    invokers = ["allUsers"]
  }
  expect_failures = [var.invokers]
}

run "slower_than_its_subscription" {
  command = plan
  module {
    source = "./modules/event-function"
  }
  variables {
    limits = { concurrency = 1, cpu = "1", max_instances = 3, memory = "512Mi", min_instances = 0, timeout_seconds = 900 }
  }
  expect_failures = [var.limits]
}
