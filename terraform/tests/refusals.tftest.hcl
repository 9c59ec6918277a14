# What is refused before anything is made, each with a sentence that says what would be right.

mock_provider "archive" {}
mock_provider "google" {}

variables {
  project_id = "my-shop-1234"
}

run "values_that_are_wrong_by_themselves" {
  command = plan
  variables {
    allowed_commands        = ["dropEverything"]
    cloudinary_secret       = { secret = "cloudinary-url", version = "latest" }
    command_publishers      = ["allUsers"]
    console_members         = ["allAuthenticatedUsers"]
    csv_writers             = ["somebody@example.com"]
    function_limits         = { importer = { memory = "2Gi" } }
    history_days            = 7
    image_sweep_schedule    = "weekly"
    poll_schedule           = "0 * * * *"
    intake_bucket           = "gs://my-intake"
    kms_key_name            = "my-key"
    orphan_purge_locations  = ["us-central1"]
    product_search_location = "eu-west1"
    product_search_role     = "roles/owner"
    protected_product_sets  = ["live-*,test-*"]
    region                  = "us"
    removable_images        = ["gs://my-images/old"]
    runtime                 = "nodejs20"
    settings                = { IMPORT_RESERVES = "5" }
    snapshot_days           = 7
    time_zone               = "Europe / Vienna"
  }
  expect_failures = [
    var.allowed_commands,
    var.cloudinary_secret,
    var.command_publishers,
    var.console_members,
    var.csv_writers,
    var.function_limits,
    var.history_days,
    var.image_sweep_schedule,
    var.intake_bucket,
    var.kms_key_name,
    var.orphan_purge_locations,
    var.poll_schedule,
    var.product_search_location,
    var.product_search_role,
    var.protected_product_sets,
    var.region,
    var.removable_images,
    var.runtime,
    var.settings,
    var.snapshot_days,
    var.time_zone,
  ]
}

run "setting_that_has_a_variable_of_its_own" {
  command = plan
  variables {
    settings = { STATE_BUCKET = "another" }
  }
  expect_failures = [var.settings]
}

run "invocation_longer_than_the_timeout" {
  command = plan
  variables {
    settings = { INVOCATION_SECONDS = "900" }
  }
  expect_failures = [var.settings]
}

run "setting_that_is_no_number" {
  command = plan
  variables {
    settings = { IMPORT_RESERVE = "five" }
  }
  expect_failures = [var.settings]
}

run "values_that_contradict_each_other" {
  command = plan
  variables {
    allowed_commands          = ["deleteProduct"]
    intake_bucket             = "my-bucket"
    orphan_purge_enabled      = true
    orphan_purge_max_products = 5000
    max_products_ceiling      = 100
    removable_images          = ["gs://my-bucket/"]
    state_bucket              = "my-bucket"
  }
  expect_failures = [
    google_cloud_scheduler_job.image_sweep,
    google_cloud_scheduler_job.orphan_purge,
    google_storage_bucket.state,
  ]
}

run "intake_as_a_place_to_remove_from" {
  command = plan
  variables {
    intake_bucket    = "my-intake"
    removable_images = ["gs://my-intake/"]
  }
  expect_failures = [google_storage_bucket.state]
}

run "reserve_as_large_as_the_quota" {
  command = plan
  variables {
    imports_per_day = 5
    settings        = { IMPORT_RESERVE = "5" }
  }
  expect_failures = [google_storage_bucket.state]
}
