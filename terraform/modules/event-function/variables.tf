variable "build" {
  description = "Who builds the image (`projects/P/serviceAccounts/E`) and the Artifact Registry repository that keeps it."
  type = object({
    repository      = string
    service_account = string
  })
  validation {
    condition     = startswith(var.build.service_account, "projects/")
    error_message = "build.service_account must be projects/PROJECT/serviceAccounts/EMAIL."
  }
}

variable "bundle" {
  description = "The archive with the function's code, in Cloud Storage. Its name has to change with its content."
  type = object({
    bucket = string
    object = string
  })
  validation {
    condition     = endswith(var.bundle.object, ".zip")
    error_message = "bundle.object must be a .zip archive."
  }
}

variable "description" {
  description = "What the function does, in one line."
  type        = string
  validation {
    condition     = length(var.description) > 0 && length(var.description) <= 500
    error_message = "description must have 1 to 500 characters."
  }
}

variable "entry_point" {
  description = "Name under which the code registers the function, in camel case."
  type        = string
  validation {
    condition     = can(regex("^[a-z][A-Za-z0-9]*$", var.entry_point))
    error_message = "entry_point must be in camel case, such as importProductSets."
  }
}

variable "environment" {
  description = "Environment variables of the function."
  type        = map(string)
  default     = {}
  validation {
    condition     = alltrue([for name in keys(var.environment) : can(regex("^[A-Z][A-Z0-9_]*$", name))])
    error_message = "The names in environment must be upper case, such as STATE_BUCKET."
  }
}

variable "ingress" {
  description = "From where the function can be reached at all; who may call it is decided by IAM."
  type        = string
  default     = "ALLOW_INTERNAL_ONLY"
  validation {
    condition     = contains(["ALLOW_INTERNAL_ONLY", "ALLOW_INTERNAL_AND_GCLB", "ALLOW_ALL"], var.ingress)
    error_message = "ingress must be ALLOW_INTERNAL_ONLY, ALLOW_INTERNAL_AND_GCLB or ALLOW_ALL."
  }
}

variable "invokers" {
  description = "Members who may call the function besides its trigger."
  type        = list(string)
  default     = []
  validation {
    condition     = length(setintersection(var.invokers, ["allUsers", "allAuthenticatedUsers"])) == 0
    error_message = "invokers must name people, groups or service accounts; no function of this system is public."
  }
}

variable "kms_key_name" {
  description = "Customer-managed key for the function's code and image; null: Google's."
  type        = string
  default     = null
  validation {
    condition     = var.kms_key_name == null || can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key_name))
    error_message = "kms_key_name must be projects/P/locations/L/keyRings/R/cryptoKeys/K."
  }
}

variable "labels" {
  description = "Labels of the function and its subscription."
  type        = map(string)
  default     = {}
  validation {
    condition     = alltrue([for key in keys(var.labels) : can(regex("^[a-z][a-z0-9_-]{0,62}$", key))])
    error_message = "Keys of labels must be lower case letters, digits, _ and -, and begin with a letter."
  }
}

variable "limits" {
  description = "Timeout, memory, CPU, requests an instance takes at once, and how many instances there are."
  type = object({
    concurrency     = number
    cpu             = string
    max_instances   = number
    memory          = string
    min_instances   = number
    timeout_seconds = number
  })
  validation {
    condition     = var.limits.concurrency >= 1 && var.limits.concurrency <= 1000
    error_message = "limits.concurrency must be 1 to 1000."
  }
  validation {
    condition     = can(tonumber(var.limits.cpu)) && (var.limits.concurrency == 1 || try(tonumber(var.limits.cpu) >= 1, false))
    error_message = "limits.cpu must be a number, such as \"1\", and at least 1 where concurrency is above 1."
  }
  validation {
    condition     = can(regex("^[0-9]+(M|G|Mi|Gi)$", var.limits.memory))
    error_message = "limits.memory must be a size, such as 512Mi."
  }
  validation {
    condition     = var.limits.min_instances >= 0 && var.limits.max_instances >= 1 && var.limits.min_instances <= var.limits.max_instances
    error_message = "limits.max_instances must be at least 1 and not below limits.min_instances."
  }
  validation {
    condition     = var.limits.timeout_seconds >= 60 && var.limits.timeout_seconds <= 540
    error_message = "limits.timeout_seconds must be 60 to 540."
  }
}

variable "name" {
  description = "Name of the function in kebab case; also that of its service account."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,20}[a-z0-9]$", var.name))
    error_message = "name must have 6 to 22 lower case letters, digits and hyphens: with -invoker it is the name of a service account (30)."
  }
}

variable "project_id" {
  description = "Project of the function."
  type        = string
  validation {
    condition     = length(var.project_id) > 0
    error_message = "project_id must not be empty."
  }
}

variable "region" {
  description = "Region of the function."
  type        = string
  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region must be a Google Cloud region, such as us-west1."
  }
}

variable "runtime" {
  description = "Runtime of the function."
  type        = string
  default     = "nodejs24"
  validation {
    condition     = can(regex("^nodejs(2[2-9]|[3-9][0-9])$", var.runtime))
    error_message = "runtime must be nodejs22 or newer: older ones can no longer be deployed."
  }
}

variable "schedule" {
  description = "When Cloud Scheduler calls the function."
  type = object({
    cron      = string
    time_zone = string
  })
  default = null
  validation {
    condition     = var.schedule == null || can(regex("^\\S+( \\S+){4}$", var.schedule.cron))
    error_message = "schedule.cron must have five fields, such as \"* * * * *\"."
  }
}

variable "secret_environment" {
  description = "Environment variables out of Secret Manager, by name. The function is given access to these secrets only."
  type = map(object({
    secret  = string
    version = string
  }))
  default = {}
  validation {
    condition     = alltrue([for value in values(var.secret_environment) : can(regex("^[1-9][0-9]*$", value.version))])
    error_message = "The version in secret_environment must be a number: \"latest\" would differ from instance to instance."
  }
}

variable "storage_trigger" {
  description = "The bucket whose finalized objects wake the function, and the bucket's own location."
  type = object({
    bucket = string
    region = string
  })
  default = null
  validation {
    condition     = var.storage_trigger == null || can(regex("^[a-z0-9-]+$", var.storage_trigger.region))
    error_message = "storage_trigger.region must be the bucket's location in lower case."
  }
}

variable "subscription" {
  description = "The push subscription that wakes the function: its name, its topic, where messages go that cannot be delivered, and Pub/Sub's service agent, which takes them there."
  type = object({
    dead_letter_topic = string
    name              = string
    pubsub_agent      = string
    topic             = string
  })
  default = null
  validation {
    condition     = var.subscription == null || can(regex("^[A-Za-z][A-Za-z0-9._~%+-]{2,254}$", var.subscription.name))
    error_message = "subscription.name must be a bare subscription id of 3 to 255 characters."
  }
}
