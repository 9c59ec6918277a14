# What requests may do: belts, quotas and the settings of the functions.

variable "allowed_commands" {
  description = "Commands that messages may ask for; empty means all."
  type        = list(string)
  default     = []
  validation {
    condition = length(setsubtract(var.allowed_commands, [
      "cancelRequest",
      "deleteDerivedResources",
      "deleteProduct",
      "deleteProducts",
      "deleteProductSet",
      "deleteReferenceImage",
      "purgeOrphanProducts",
      "purgeProductsInProductSet",
      "restoreSnapshot",
      "sweepImageFiles",
    ])) == 0
    error_message = "allowed_commands must be of the commands that the README lists, such as deleteProduct."
  }
}

variable "imports_per_day" {
  description = "Most imports that start in any 24 hours. Google allows 120 a day unless it has raised the quota for you."
  type        = number
  default     = 120
  validation {
    condition     = var.imports_per_day >= 1 && floor(var.imports_per_day) == var.imports_per_day
    error_message = "imports_per_day must be a whole number, 1 or more."
  }
}

variable "max_products_ceiling" {
  description = "No command may raise its `maxProducts` above this."
  type        = number
  default     = 1000000
  validation {
    condition     = var.max_products_ceiling >= 1 && floor(var.max_products_ceiling) == var.max_products_ceiling
    error_message = "max_products_ceiling must be a whole number, 1 or more."
  }
}

variable "on_invalid_lines" {
  description = "What happens to a CSV with invalid lines: `skip` leaves them out and reports them, `reject` refuses the file."
  type        = string
  default     = "skip"
  validation {
    condition     = contains(["skip", "reject"], var.on_invalid_lines)
    error_message = "on_invalid_lines must be skip or reject."
  }
}

variable "product_search_location" {
  description = "Location of Product Search when nothing else says it."
  type        = string
  default     = "us-west1"
  validation {
    condition     = contains(["us-west1", "us-east1", "europe-west1", "asia-east1"], var.product_search_location)
    error_message = "product_search_location must be us-west1, us-east1, europe-west1 or asia-east1."
  }
}

variable "protected_product_sets" {
  description = "Globs of product set ids that are never purged or deleted, nor their products."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for glob in var.protected_product_sets : length(trimspace(glob)) > 0 && !strcontains(glob, ",")])
    error_message = "protected_product_sets must be globs of product set ids, such as live-*, without commas."
  }
}

variable "purge_max_products" {
  description = "Most products that one purge or bulk delete takes unless its command says otherwise."
  type        = number
  default     = 10000
  validation {
    condition     = var.purge_max_products >= 1 && floor(var.purge_max_products) == var.purge_max_products
    error_message = "purge_max_products must be a whole number, 1 or more."
  }
}

variable "settings" {
  description = "Further settings of the functions by the names of their environment variables (README, Settings): `{ IMPORT_RESERVE = \"5\" }`."
  type        = map(string)
  default     = {}
  validation {
    condition = length(setsubtract(keys(var.settings), [
      "ASSIGN_IMAGE_IDS",
      "DERIVED_CALLS_RESERVE",
      "DERIVED_PUBLIC_ID",
      "IMPORT_RESERVE",
      "INDEX_WATCH_SECONDS",
      "INVOCATION_SECONDS",
      "LEASE_SECONDS",
      "MANAGEMENT_CALLS_PER_MINUTE",
      "MAX_GZ_BYTES",
      "MAX_SETS_PER_PRODUCT",
      "MAX_SKIPPED_LINES",
      "REQUEST_GIVE_UP_HOURS",
      "RESTORE_IMPORT_LINES",
      "SNAPSHOT_DAYS",
      "START_SETTLE_SECONDS",
    ])) == 0
    error_message = "The keys of settings must be environment variables of the functions for which there is no variable of their own: see the list in variables.tf."
  }
  validation {
    condition     = alltrue([for name, value in var.settings : can(tonumber(value)) || contains(["ASSIGN_IMAGE_IDS", "DERIVED_PUBLIC_ID"], name)])
    error_message = "The values of settings must be numbers, written \"5\", but for ASSIGN_IMAGE_IDS and DERIVED_PUBLIC_ID."
  }
  validation {
    condition     = can(tonumber(lookup(var.settings, "INVOCATION_SECONDS", "240"))) && try(tonumber(lookup(var.settings, "INVOCATION_SECONDS", "240")) <= 420, false)
    error_message = "INVOCATION_SECONDS in settings must be at most 420: an invocation needs time to leave off before its timeout of 540 s."
  }
}
