# The installation with nothing but a project: what it must never lack, and what it must not have unless asked for.

mock_provider "archive" {}
mock_provider "google" {}

variables {
  project_id = "my-shop-1234"
}

run "least" {
  command = apply

  assert {
    # Read from the code: every name at the start of a line of the schema in shared/config.ts.
    condition     = length(setsubtract(keys(local.environment), regexall("(?m)^  ([A-Z][A-Z0-9_]+):", file("../shared/config.ts"))[*][0])) == 0
    error_message = "A function is given a variable that shared/config.ts does not read: ${join(", ", keys(local.environment))}."
  }

  assert {
    condition     = length(local.functions) == 5 && length(distinct([for function in values(module.functions) : function.member])) == 5
    error_message = "Each of the five functions needs a service account of its own."
  }

  assert {
    condition = alltrue([
      for name in ["run-command", "continue-request"] : module.functions[name].subscription != null
    ])
    error_message = "run-command and continue-request need a push subscription each."
  }

  assert {
    condition     = google_storage_bucket.intake.versioning[0].enabled == false
    error_message = "Versioning in intake would keep replaced generations readable; they would be imported, too."
  }

  assert {
    condition     = !anytrue([for bucket in [google_storage_bucket.intake, google_storage_bucket.state, google_storage_bucket.bundles] : bucket.public_access_prevention != "enforced" || !bucket.uniform_bucket_level_access])
    error_message = "Every bucket needs uniform access and public access prevention."
  }

  assert {
    condition = !anytrue([
      for prefix in flatten([for rule in google_storage_bucket.state.lifecycle_rule : tolist(rule.condition)[0].matches_prefix == null ? [] : tolist(rule.condition)[0].matches_prefix if tolist(rule.condition)[0].with_state == "LIVE"]) :
      anytrue([for kept in ["batches/", "candidates/", "quota/", "requests/open/", "reservations/", "watches/"] : startswith(kept, prefix) || startswith(prefix, kept)])
    ])
    error_message = "Open requests, batches, claims, quota, watches and candidates must never expire."
  }

  assert {
    condition     = !anytrue([for rule in google_storage_bucket.state.lifecycle_rule : tolist(rule.condition)[0].with_state == "LIVE" && coalesce(tolist(rule.condition)[0].matches_prefix, []) == tolist([])])
    error_message = "A rule of the state bucket without a prefix would delete the ledger."
  }

  assert {
    condition     = google_pubsub_subscription.dead_letters.expiration_policy[0].ttl == "" && google_pubsub_subscription.dead_letters.message_retention_duration == "2678400s"
    error_message = "Dead letters must be kept for as long as Pub/Sub can."
  }

  assert {
    condition     = length(google_cloud_scheduler_job.orphan_purge) == 0 && length(google_cloud_scheduler_job.image_sweep) == 0
    error_message = "Nothing may be deleted by the clock unless it was asked for."
  }

  assert {
    condition     = length(google_storage_bucket_iam_member.image_removers) == 0
    error_message = "Without removable_images no function may delete an image."
  }

  assert {
    condition     = google_project_iam_member.product_search["console"].role == "roles/serviceusage.serviceUsageConsumer"
    error_message = "The careful default for Product Search is no primitive role."
  }

  assert {
    condition     = length(google_bigquery_dataset.events) == 0 && length(google_kms_crypto_key_iam_member.agents) == 0
    error_message = "BigQuery and customer-managed keys are options."
  }
}

run "removable_images_switch_the_sweep_on" {
  command = plan
  variables {
    removable_images = ["gs://my-images/", "gs://my-images-2/old/"]
  }

  assert {
    condition     = length(google_cloud_scheduler_job.image_sweep) == 1
    error_message = "The sweep is on where removable_images is not empty."
  }

  assert {
    condition     = google_storage_bucket_iam_member.image_removers["my-images-2/old/run-command"].condition[0].expression == "resource.name.startsWith(\"projects/_/buckets/my-images-2/objects/old/\")"
    error_message = "The right to delete must end at the prefix."
  }

  assert {
    condition     = length(google_storage_bucket_iam_member.image_removers["my-images/run-command"].condition) == 0
    error_message = "A whole bucket needs no condition."
  }
}

run "sweep_can_be_switched_off" {
  command = plan
  variables {
    removable_images    = ["gs://my-images/"]
    image_sweep_enabled = false
  }

  assert {
    condition     = length(google_cloud_scheduler_job.image_sweep) == 0
    error_message = "image_sweep_enabled = false must switch it off."
  }
}

run "orphans_of_two_locations" {
  command = plan
  variables {
    orphan_purge_enabled   = true
    orphan_purge_locations = ["us-west1", "asia-east1"]
  }

  assert {
    condition     = keys(google_cloud_scheduler_job.orphan_purge) == ["asia-east1", "us-west1"]
    error_message = "One job a location."
  }
}
