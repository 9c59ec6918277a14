# What is refused before anything is made, each with a sentence that says what would be right.

mock_provider "archive" {}
mock_provider "google" {}

variables {
  project_id = "my-shop-1234"
}

run "public_publisher" {
  command = plan
  variables {
    command_publishers = ["allUsers"]
  }
  expect_failures = [var.command_publishers]
}

run "public_console" {
  command = plan
  variables {
    console_members = ["allAuthenticatedUsers"]
  }
  expect_failures = [var.console_members]
}

run "owner" {
  command = plan
  variables {
    product_search_role = "roles/owner"
  }
  expect_failures = [var.product_search_role]
}

run "typing_error_in_a_setting" {
  command = plan
  variables {
    settings = { IMPORT_RESERVES = "5" }
  }
  expect_failures = [var.settings]
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

run "unknown_command" {
  command = plan
  variables {
    allowed_commands = ["dropEverything"]
  }
  expect_failures = [var.allowed_commands]
}

run "folder_without_its_slash" {
  command = plan
  variables {
    removable_images = ["gs://my-images/old"]
  }
  expect_failures = [var.removable_images]
}

run "intake_as_a_place_to_remove_from" {
  command = plan
  variables {
    intake_bucket    = "my-intake"
    removable_images = ["gs://my-intake/"]
  }
  expect_failures = [google_storage_bucket.state]
}

run "one_bucket_for_both" {
  command = plan
  variables {
    intake_bucket = "my-bucket"
    state_bucket  = "my-bucket"
  }
  expect_failures = [google_storage_bucket.state]
}

run "purge_that_may_not_be_asked_for" {
  command = plan
  variables {
    allowed_commands     = ["deleteProduct"]
    orphan_purge_enabled = true
  }
  expect_failures = [google_cloud_scheduler_job.orphan_purge]
}

run "scheduled_purge_above_the_ceiling" {
  command = plan
  variables {
    orphan_purge_enabled      = true
    orphan_purge_max_products = 5000000
  }
  expect_failures = [google_cloud_scheduler_job.orphan_purge]
}

run "sweep_that_may_not_be_asked_for" {
  command = plan
  variables {
    allowed_commands = ["deleteProduct"]
    removable_images = ["gs://my-images/"]
  }
  expect_failures = [google_cloud_scheduler_job.image_sweep]
}

run "secret_that_changes_under_running_instances" {
  command = plan
  variables {
    cloudinary_secret = { secret = "cloudinary-url", version = "latest" }
  }
  expect_failures = [var.cloudinary_secret]
}

run "runtime_that_cannot_be_deployed" {
  command = plan
  variables {
    runtime = "nodejs20"
  }
  expect_failures = [var.runtime]
}

run "limits_of_no_function" {
  command = plan
  variables {
    function_limits = { importer = { memory = "2Gi" } }
  }
  expect_failures = [var.function_limits]
}

run "multi_region" {
  command = plan
  variables {
    region = "us"
  }
  expect_failures = [var.region]
}

run "location_without_product_search" {
  command = plan
  variables {
    product_search_location = "eu-west1"
  }
  expect_failures = [var.product_search_location]
}

run "snapshots_shorter_than_sweeps_need_them" {
  command = plan
  variables {
    snapshot_days = 7
  }
  expect_failures = [var.snapshot_days]
}
