# Scheduled commands. Each firing publishes an ordinary command: whatever belts, reports and events commands have, it has.

locals {
  orphan_purge_locations = var.orphan_purge_enabled ? toset(coalescelist(var.orphan_purge_locations, [var.product_search_location])) : []
}

resource "google_cloud_scheduler_job" "orphan_purge" {
  for_each    = local.orphan_purge_locations
  project     = var.project_id
  region      = var.region
  name        = "purge-orphan-products-${each.key}"
  description = "Purges the products of ${each.key} that are in no product set, after a snapshot"
  schedule    = var.orphan_purge_schedule
  time_zone   = var.time_zone

  retry_config {
    retry_count = 3
  }

  pubsub_target {
    topic_name = google_pubsub_topic.this["commands"].id
    data = base64encode(jsonencode({
      command     = "purgeOrphanProducts"
      location    = each.key
      force       = true
      snapshot    = true
      maxProducts = var.orphan_purge_max_products
      reason      = "scheduled by Terraform: orphan_purge_enabled"
    }))
  }

  lifecycle {
    precondition {
      condition     = length(var.allowed_commands) == 0 || contains(var.allowed_commands, "purgeOrphanProducts")
      error_message = "orphan_purge_enabled needs purgeOrphanProducts in allowed_commands; without it every firing would be rejected."
    }
    precondition {
      condition     = var.orphan_purge_max_products <= var.max_products_ceiling
      error_message = "orphan_purge_max_products must not be above max_products_ceiling."
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_cloud_scheduler_job" "image_sweep" {
  count       = var.image_sweep_enabled && length(var.removable_images) > 0 ? 1 : 0
  project     = var.project_id
  region      = var.region
  name        = "sweep-image-files"
  description = "Removes the image files that earlier requests left for a sweep and that no reference image uses"
  schedule    = var.image_sweep_schedule
  time_zone   = var.time_zone

  retry_config {
    retry_count = 3
  }

  pubsub_target {
    topic_name = google_pubsub_topic.this["commands"].id
    data = base64encode(jsonencode({
      command       = "sweepImageFiles"
      force         = true
      olderThanDays = var.image_sweep_older_than_days
      maxFiles      = var.image_sweep_max_files
      reason        = "scheduled by Terraform: image_sweep_enabled"
    }))
  }

  lifecycle {
    precondition {
      condition     = length(var.allowed_commands) == 0 || contains(var.allowed_commands, "sweepImageFiles")
      error_message = "The image sweep needs sweepImageFiles in allowed_commands; add it, or set image_sweep_enabled = false."
    }
  }

  depends_on = [google_project_service.this]
}
