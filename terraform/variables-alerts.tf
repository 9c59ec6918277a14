# Whom the alerts are sent to.

variable "alert_emails" {
  description = "Addresses that the alerts are sent to."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for address in var.alert_emails : can(regex("^[^@ ]+@[^@ ]+$", address))])
    error_message = "alert_emails must be e-mail addresses."
  }
}

variable "notification_channels" {
  description = "Notification channels that exist already, for the alerts: `projects/P/notificationChannels/N`."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for channel in var.notification_channels : can(regex("^projects/[^/]+/notificationChannels/[^/]+$", channel))])
    error_message = "notification_channels must be projects/P/notificationChannels/N."
  }
}
