# With kms_key_name, Google's service agents encrypt everything that is stored with the customer's key.

locals {
  _number = data.google_project.this.number
  _key_users = concat(
    [
      data.google_storage_project_service_account.agent.member,
      local.pubsub_agent,
      "serviceAccount:service-${local._number}@gcf-admin-robot.iam.gserviceaccount.com",
      "serviceAccount:service-${local._number}@gcp-sa-artifactregistry.iam.gserviceaccount.com",
      "serviceAccount:service-${local._number}@gcp-sa-eventarc.iam.gserviceaccount.com",
      "serviceAccount:service-${local._number}@serverless-robot-prod.iam.gserviceaccount.com",
    ],
    var.bigquery_enabled ? ["serviceAccount:bq-${local._number}@bigquery-encryption.iam.gserviceaccount.com"] : [],
  )
  # By position: some addresses are known only after the apply.
  key_users = var.kms_key_name == null ? {} : { for index, member in local._key_users : tostring(index) => member }
}

resource "google_kms_crypto_key_iam_member" "agents" {
  for_each      = local.key_users
  crypto_key_id = var.kms_key_name
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = each.value

  depends_on = [google_project_service.this]
}
