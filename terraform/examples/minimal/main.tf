# The least that works: five functions, three topics, two buckets, a tick a minute, and alerts that nobody is sent.
# Deletes and purges only on command; no image file is ever removed.

terraform {
  required_version = ">= 1.7"
  required_providers {
    archive = {
      source  = "hashicorp/archive"
      version = ">= 2.4, < 3.0"
    }
    google = {
      source  = "hashicorp/google"
      version = ">= 7.0, < 9.0"
    }
  }
}

variable "project_id" {
  description = "Project of the product sets."
  type        = string
}

module "product_search_cleanup" {
  source     = "../.." # or git::https://…//terraform?ref=v1.0.0
  project_id = var.project_id
}

output "intake_bucket" {
  description = "Drop CSVs here."
  value       = module.product_search_cleanup.intake_bucket
}

output "state_bucket" {
  description = "Ledger, reports, snapshots and the archive."
  value       = module.product_search_cleanup.state_bucket
}
