# Both examples, whole. test/terraform reads what they make and compares it with the code.

mock_provider "archive" {}
mock_provider "google" {}

variables {
  project_id = "my-shop-1234"
}

run "minimal" {
  command = apply
  module {
    source = "./examples/minimal"
  }
}

run "full" {
  command = apply
  module {
    source = "./examples/full"
  }
  variables {
    kms_key_name = "projects/my-shop-1234/locations/europe-west1/keyRings/shop/cryptoKeys/products"
  }
}
