# A shop in Europe with everything switched on. Copy it, then strike out what you do not need.

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

  # The state of Terraform in a bucket of its own, with versioning:
  # backend "gcs" { bucket = "my-terraform-state" }
}

variable "kms_key_name" {
  description = "Customer-managed key in europe-west1; null: Google's."
  type        = string
  default     = null
}

variable "project_id" {
  description = "Project of the product sets."
  type        = string
}

module "product_search_cleanup" {
  source     = "../.." # or git::https://…//terraform?ref=v1.0.0
  project_id = var.project_id

  # Places
  region                  = "europe-west1"
  product_search_location = "europe-west1"
  intake_bucket           = "${var.project_id}-shoes-csv"
  state_bucket            = "${var.project_id}-shoes-state"
  kms_key_name            = var.kms_key_name
  labels                  = { team = "shop" }

  # People and programs
  csv_writers        = ["serviceAccount:catalogue@${var.project_id}.iam.gserviceaccount.com"]
  command_publishers = ["group:catalogue-operators@example.com"]
  console_members    = ["group:catalogue-operators@example.com"]
  event_subscribers  = ["serviceAccount:shop-backend@${var.project_id}.iam.gserviceaccount.com"]
  alert_emails       = ["catalogue-on-call@example.com"]

  # Images: those of the shop are read, those under old/ may be removed
  image_buckets    = ["${var.project_id}-images"]
  removable_images = ["gs://${var.project_id}-images/old/"]

  # Derived images at Cloudinary; the secret is made by hand, its value never reaches Terraform:
  # printf %s "$CLOUDINARY_URL" | gcloud secrets create cloudinary-url --data-file=-
  cloudinary_secret = { secret = "cloudinary-url", version = "1" }

  # Belts
  protected_product_sets = ["live-*"]
  purge_max_products     = 5000
  max_products_ceiling   = 50000
  list_sources           = ["gs://${var.project_id}-lists/to-delete/"]
  imports_per_day        = 120
  on_invalid_lines       = "reject"
  settings               = { IMPORT_RESERVE = "10", INDEX_WATCH_SECONDS = "7200" }

  # The clock
  time_zone                   = "Europe/Vienna"
  orphan_purge_enabled        = true
  orphan_purge_schedule       = "0 3 * * 0"
  orphan_purge_max_products   = 500
  image_sweep_schedule        = "0 4 * * 0"
  image_sweep_older_than_days = 60

  # Every event in a table
  bigquery_enabled = true

  function_limits = { "run-command" = { max_instances = 50 } }
}

output "console_url" {
  description = "The console; open it with `gcloud run services proxy console`."
  value       = module.product_search_cleanup.console_url
}

output "intake_bucket" {
  description = "Drop CSVs here."
  value       = module.product_search_cleanup.intake_bucket
}
