# Who may do what, and which role the functions have at Product Search.

variable "cloudinary_secret" {
  description = "Secret of this project whose value is the `CLOUDINARY_URL`, and its version as a number; null: no Cloudinary. The value itself never reaches Terraform."
  type        = object({ secret = string, version = string })
  default     = null
  validation {
    condition     = var.cloudinary_secret == null || can(regex("^[A-Za-z0-9_-]{1,255}$", var.cloudinary_secret.secret))
    error_message = "cloudinary_secret.secret must be the bare id of a secret, such as cloudinary-url."
  }
  validation {
    condition     = var.cloudinary_secret == null || can(regex("^[1-9][0-9]*$", var.cloudinary_secret.version))
    error_message = "cloudinary_secret.version must be a number, such as \"1\": with \"latest\" instances would differ until the last has been restarted."
  }
}

variable "command_publishers" {
  description = "Members who may publish commands. Whoever may, may delete what `allowed_commands` allows."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for member in var.command_publishers : can(regex("^(user|group|serviceAccount|domain|principal|principalSet):", member))])
    error_message = "command_publishers must be members such as group:shop@example.com; the public (allUsers, allAuthenticatedUsers) is refused."
  }
}

variable "console_ingress" {
  description = "From where the console can be reached; callers need a role in any case."
  type        = string
  default     = "ALLOW_ALL"
  validation {
    condition     = contains(["ALLOW_INTERNAL_ONLY", "ALLOW_INTERNAL_AND_GCLB", "ALLOW_ALL"], var.console_ingress)
    error_message = "console_ingress must be ALLOW_INTERNAL_ONLY, ALLOW_INTERNAL_AND_GCLB or ALLOW_ALL."
  }
}

variable "console_members" {
  description = "Members who may open the console, with `gcloud run services proxy console`."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for member in var.console_members : can(regex("^(user|group|serviceAccount|domain|principal|principalSet):", member))])
    error_message = "console_members must be members such as group:shop@example.com; the public (allUsers, allAuthenticatedUsers) is refused."
  }
}

variable "csv_writers" {
  description = "Members who may drop CSVs in the intake bucket."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for member in var.csv_writers : can(regex("^(user|group|serviceAccount|domain|principal|principalSet):", member))])
    error_message = "csv_writers must be members such as group:shop@example.com; the public (allUsers, allAuthenticatedUsers) is refused."
  }
}

variable "event_subscribers" {
  description = "Members who may attach subscriptions to the events topic."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for member in var.event_subscribers : can(regex("^(user|group|serviceAccount|domain|principal|principalSet):", member))])
    error_message = "event_subscribers must be members such as group:shop@example.com; the public (allUsers, allAuthenticatedUsers) is refused."
  }
}

variable "image_buckets" {
  description = "Buckets whose images the CSVs name. Product Search reads them with the authority of the functions; those in `removable_images` need not be repeated."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for bucket in var.image_buckets : can(regex("^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$", bucket))])
    error_message = "image_buckets must be bucket names without gs://, such as my-images."
  }
}

variable "list_sources" {
  description = "Folders outside intake from which a command may take a list of product ids."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for folder in var.list_sources : can(regex("^gs://[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]/(|.*[^/]/)$", folder)) && !strcontains(folder, ",")])
    error_message = "list_sources must be folders such as gs://my-images/shoes/: the slash at the end is part of it, and none has a comma."
  }
}

variable "product_search_role" {
  description = "Role that the functions get in the project for Product Search. Which one it needs is not documented: try the default first; where calls end with PERMISSION_DENIED, a custom role or, last, `roles/editor` (docs/assumptions.md)."
  type        = string
  default     = "roles/serviceusage.serviceUsageConsumer"
  validation {
    condition     = can(regex("^(roles|projects/[^/]+/roles|organizations/[^/]+/roles)/[A-Za-z0-9_.]+$", var.product_search_role))
    error_message = "product_search_role must be roles/NAME, projects/P/roles/NAME or organizations/O/roles/NAME."
  }
  validation {
    condition     = var.product_search_role != "roles/owner"
    error_message = "product_search_role must not be roles/owner: it could give itself and others every right. The most is roles/editor."
  }
}

variable "removable_images" {
  description = "Folders in which image files may be removed, `gs://bucket/prefix/` each, in buckets of this project with uniform access; empty: none is ever removed."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for folder in var.removable_images : can(regex("^gs://[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]/(|.*[^/]/)$", folder)) && !strcontains(folder, ",")])
    error_message = "removable_images must be folders such as gs://my-images/shoes/: the slash at the end is part of it, and none has a comma."
  }
}
