# What happens by the clock.

variable "image_sweep_enabled" {
  description = "Whether images that earlier requests left for a sweep are swept on schedule. Without `removable_images` there is nothing to sweep."
  type        = bool
  default     = true
  validation {
    condition     = var.image_sweep_enabled != null
    error_message = "image_sweep_enabled must be true or false."
  }
}

variable "image_sweep_max_files" {
  description = "Most image files that one scheduled sweep may remove."
  type        = number
  default     = 10000
  validation {
    condition     = var.image_sweep_max_files >= 1 && floor(var.image_sweep_max_files) == var.image_sweep_max_files
    error_message = "image_sweep_max_files must be a whole number, 1 or more."
  }
}

variable "image_sweep_older_than_days" {
  description = "A scheduled sweep leaves files alone that are younger than this, days."
  type        = number
  default     = 30
  validation {
    condition     = var.image_sweep_older_than_days >= 0 && floor(var.image_sweep_older_than_days) == var.image_sweep_older_than_days
    error_message = "image_sweep_older_than_days must be a whole number, 0 or more."
  }
}

variable "image_sweep_schedule" {
  description = "When images are swept (cron)."
  type        = string
  default     = "0 4 * * 0"
  validation {
    condition     = can(regex("^\\S+( \\S+){4}$", var.image_sweep_schedule))
    error_message = "image_sweep_schedule must have five fields, such as \"0 3 * * 0\" (Sundays at three)."
  }
}

variable "orphan_purge_enabled" {
  description = "Whether products that are in no product set are purged on schedule."
  type        = bool
  default     = false
  validation {
    condition     = var.orphan_purge_enabled != null
    error_message = "orphan_purge_enabled must be true or false."
  }
}

variable "orphan_purge_locations" {
  description = "Locations whose orphans are purged; empty: `product_search_location`."
  type        = list(string)
  default     = []
  validation {
    condition     = length(setsubtract(var.orphan_purge_locations, ["us-west1", "us-east1", "europe-west1", "asia-east1"])) == 0
    error_message = "orphan_purge_locations must be of us-west1, us-east1, europe-west1 and asia-east1."
  }
}

variable "orphan_purge_max_products" {
  description = "A scheduled purge that would take more products than this is rejected."
  type        = number
  default     = 1000
  validation {
    condition     = var.orphan_purge_max_products >= 1 && floor(var.orphan_purge_max_products) == var.orphan_purge_max_products
    error_message = "orphan_purge_max_products must be a whole number, 1 or more."
  }
}

variable "orphan_purge_schedule" {
  description = "When orphans are purged (cron)."
  type        = string
  default     = "0 3 * * 0"
  validation {
    condition     = can(regex("^\\S+( \\S+){4}$", var.orphan_purge_schedule))
    error_message = "orphan_purge_schedule must have five fields, such as \"0 3 * * 0\" (Sundays at three)."
  }
}

variable "poll_schedule" {
  description = "How often the tick fires (cron). Everything that waits is found by it."
  type        = string
  default     = "* * * * *"
  validation {
    condition     = can(regex("^[*](/[2-5])? [*] [*] [*] [*]$", var.poll_schedule))
    error_message = "poll_schedule must be every minute (\"* * * * *\") or every 2 to 5 minutes (\"*/2 * * * *\"): the alert on a missing tick comes after 10."
  }
}

variable "time_zone" {
  description = "Time zone of all schedules."
  type        = string
  default     = "Etc/UTC"
  validation {
    condition     = can(regex("^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$", var.time_zone))
    error_message = "time_zone must be a name of the tz database, such as Europe/Vienna."
  }
}
