# The installation: project, places, names. All variables of a file are alphabetical; the tables of README.md are made from
# these files: `UPDATE_TABLES=true npx jest test/terraform/tables`.

variable "allow_destroy" {
  description = "Whether `terraform destroy` may delete buckets with what is in them, and the table of events."
  type        = bool
  default     = false
  validation {
    condition     = var.allow_destroy != null
    error_message = "allow_destroy must be true or false."
  }
}

variable "bigquery_enabled" {
  description = "Whether every event is kept in a BigQuery table, too."
  type        = bool
  default     = false
  validation {
    condition     = var.bigquery_enabled != null
    error_message = "bigquery_enabled must be true or false."
  }
}

variable "bundles_dir" {
  description = "Folder of the built functions, one folder each (`npm run build`); null: `dist` beside this module."
  type        = string
  default     = null
  validation {
    condition     = var.bundles_dir == null || can(regex("[^/]$", var.bundles_dir))
    error_message = "bundles_dir must be a folder without a slash at its end."
  }
}

variable "function_limits" {
  description = "What differs from the limits in `functions.tf`, by deployed name: `{ \"run-command\" = { max_instances = 50 } }`."
  type = map(object({
    concurrency     = optional(number)
    cpu             = optional(string)
    max_instances   = optional(number)
    memory          = optional(string)
    min_instances   = optional(number)
    timeout_seconds = optional(number)
  }))
  default = {}
  validation {
    condition     = length(setsubtract(keys(var.function_limits), ["console", "continue-request", "import-product-sets", "poll-operations", "run-command"])) == 0
    error_message = "The keys of function_limits must be of console, continue-request, import-product-sets, poll-operations and run-command."
  }
}

variable "history_days" {
  description = "How long closed requests, events, reports, plans and archived files are kept, days. A request id that is older may be used again."
  type        = number
  default     = 400
  validation {
    condition     = var.history_days >= 31 && floor(var.history_days) == var.history_days
    error_message = "history_days must be a whole number, 31 or more: as long as a dead letter may be replayed, its request has to be known."
  }
}

variable "intake_bucket" {
  description = "Name of the bucket where CSVs are dropped; null: `PROJECT-product-search-intake`."
  type        = string
  default     = null
  validation {
    condition     = var.intake_bucket == null || can(regex("^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$", var.intake_bucket))
    error_message = "intake_bucket must be a bucket name without gs://, such as my-project-product-search."
  }
}

variable "kms_key_name" {
  description = "Customer-managed key in `region` for buckets, topics, images and tables; null: Google's. Google's service agents are given its use."
  type        = string
  default     = null
  validation {
    condition     = var.kms_key_name == null || can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key_name))
    error_message = "kms_key_name must be projects/P/locations/L/keyRings/R/cryptoKeys/K."
  }
}

variable "labels" {
  description = "Labels on everything that takes labels."
  type        = map(string)
  default     = {}
  validation {
    condition     = alltrue([for key in keys(var.labels) : can(regex("^[a-z][a-z0-9_-]{0,62}$", key))])
    error_message = "Keys of labels must be lower case letters, digits, _ and -, and begin with a letter."
  }
}

variable "project_id" {
  description = "Project of the product sets; everything is made in it."
  type        = string
  validation {
    condition     = can(regex("^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id must be the id of a project (not its name or number), such as my-shop-1234."
  }
}

variable "region" {
  description = "Region of functions, buckets and scheduler."
  type        = string
  default     = "us-west1"
  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region must be a region of Cloud Run functions, such as us-west1 (no multi-region)."
  }
}

variable "runtime" {
  description = "Runtime of the functions."
  type        = string
  default     = "nodejs24"
  validation {
    condition     = can(regex("^nodejs(2[2-9]|[3-9][0-9])$", var.runtime))
    error_message = "runtime must be nodejs22 or newer: older ones can no longer be deployed."
  }
}

variable "snapshot_days" {
  description = "How long snapshots are kept, days: as long, a purge can be undone."
  type        = number
  default     = 400
  validation {
    condition     = var.snapshot_days >= 31 && floor(var.snapshot_days) == var.snapshot_days
    error_message = "snapshot_days must be a whole number, 31 or more: sweeps spare the images of snapshots that are younger than a month."
  }
}

variable "staging_days" {
  description = "How long the working files of requests are kept, days. No request may wait for longer."
  type        = number
  default     = 90
  validation {
    condition     = var.staging_days >= 31 && floor(var.staging_days) == var.staging_days
    error_message = "staging_days must be a whole number, 31 or more: a request that waits still needs its working files."
  }
}

variable "state_bucket" {
  description = "Name of the bucket of ledger, reports and snapshots; null: `PROJECT-product-search-state`."
  type        = string
  default     = null
  validation {
    condition     = var.state_bucket == null || can(regex("^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$", var.state_bucket))
    error_message = "state_bucket must be a bucket name without gs://, such as my-project-product-search."
  }
}
