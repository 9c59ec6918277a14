# Who may do what: resource by resource, and no more than the code of that function does.

locals {
  _members = { for name, function in module.functions : name => function.member }
  working  = toset([for name, function in local.functions : name if function.works])
  # These two start imports at Product Search, which reads the CSV and the images with the caller's authority.
  _importers = ["continue-request", "import-product-sets"]
  # These two work on commands: they look at image files, remove them where that is allowed, and read lists of ids.
  _commanded = ["continue-request", "run-command"]
}

# What intake and image buckets allow at most: look and delete. No function can write there, so none can wake itself,
# plant a file or replace one.
resource "google_project_iam_custom_role" "remover" {
  project     = var.project_id
  role_id     = "productSearchFileRemover"
  title       = "Product Search file remover"
  description = "Reads, lists and deletes objects; writes none"
  permissions = ["storage.objects.delete", "storage.objects.get", "storage.objects.list"]
  depends_on  = [google_project_service.this]
}

resource "google_storage_bucket_iam_member" "state_writers" {
  for_each = local.working
  bucket   = google_storage_bucket.state.name
  role     = "roles/storage.objectUser"
  member   = local._members[each.key]
}

resource "google_storage_bucket_iam_member" "state_reader" {
  bucket = google_storage_bucket.state.name
  role   = "roles/storage.objectViewer"
  member = local._members["console"]
}

# Archiving copies a dropped file into the state bucket and then deletes it here.
resource "google_storage_bucket_iam_member" "intake_archivers" {
  for_each = toset(local._importers)
  bucket   = google_storage_bucket.intake.name
  role     = google_project_iam_custom_role.remover.id
  member   = local._members[each.key]
}

# The tick looks for files whose event never came; commands may name a list of ids that was dropped here.
resource "google_storage_bucket_iam_member" "intake_readers" {
  for_each = toset(["poll-operations", "run-command"])
  bucket   = google_storage_bucket.intake.name
  role     = "roles/storage.objectViewer"
  member   = local._members[each.key]
}

resource "google_storage_bucket_iam_member" "csv_writers" {
  for_each = toset(var.csv_writers)
  bucket   = google_storage_bucket.intake.name
  role     = "roles/storage.objectCreator"
  member   = each.value
}

resource "google_storage_bucket_iam_member" "image_readers" {
  for_each = {
    for pair in setproduct(local.image_buckets, setunion(local._importers, local._commanded)) :
    "${pair[0]}/${pair[1]}" => { bucket = pair[0], name = pair[1] }
  }
  bucket = each.value.bucket
  role   = "roles/storage.objectViewer"
  member = local._members[each.value.name]
}

# The boundary of REMOVABLE_IMAGES a second time, where the code cannot overstep it. A condition on the prefix needs a
# bucket with uniform access: https://cloud.google.com/storage/docs/access-control/iam#conditions
resource "google_storage_bucket_iam_member" "image_removers" {
  for_each = {
    for pair in setproduct(local.removable, local._commanded) :
    "${pair[0][0]}/${pair[0][1]}${pair[1]}" => { bucket = pair[0][0], prefix = pair[0][1], name = pair[1] }
  }
  bucket = each.value.bucket
  role   = google_project_iam_custom_role.remover.id
  member = local._members[each.value.name]

  dynamic "condition" {
    for_each = each.value.prefix == "" ? [] : [each.value.prefix]
    content {
      title      = "removable-images-only"
      expression = "resource.name.startsWith(\"projects/_/buckets/${each.value.bucket}/objects/${condition.value}\")"
    }
  }
}

resource "google_storage_bucket_iam_member" "list_readers" {
  for_each = {
    for pair in setproduct(local.list_buckets, local._commanded) :
    "${pair[0]}/${pair[1]}" => { bucket = pair[0], name = pair[1] }
  }
  bucket = each.value.bucket
  role   = "roles/storage.objectViewer"
  member = local._members[each.value.name]
}

resource "google_pubsub_topic_iam_member" "events_publishers" {
  for_each = local.working
  project  = var.project_id
  topic    = google_pubsub_topic.this["events"].name
  role     = "roles/pubsub.publisher"
  member   = local._members[each.key]
}

resource "google_pubsub_topic_iam_member" "continuations_publishers" {
  for_each = local.working
  project  = var.project_id
  topic    = google_pubsub_topic.this["continuations"].name
  role     = "roles/pubsub.publisher"
  member   = local._members[each.key]
}

# The one place where a primitive role may stand: no narrower role for Product Search is documented, and only a live
# project can say whether the default is enough (docs/assumptions.md).
resource "google_project_iam_member" "product_search" {
  for_each = local.functions
  project  = var.project_id
  role     = var.product_search_role
  member   = local._members[each.key]
}
