variable "site" {
  description = "Name of the site. The deployment is named after it."
  type        = string
}

variable "pal_id" {
  description = "ID of the PAL that visitors talk to."
  type        = string
}

variable "hosts" {
  description = "Hosts whose pages show the widget, without a scheme."
  type        = set(string)

  validation {
    condition     = alltrue([for host in var.hosts : host == lower(host) && !strcontains(host, "/")])
    error_message = "A host is lower case and has neither a scheme nor a path, such as docs.example.com."
  }
}

variable "title" {
  description = "Title of the preview. If left out, the portal decides."
  type        = string
  default     = null
}

variable "button" {
  description = "Text of the button. If left out, the portal decides."
  type        = string
  default     = null
}

variable "minutes" {
  description = "How long one conversation may take. Conversations are billed by the minute."
  type        = number
  default     = 10

  validation {
    condition     = var.minutes > 0 && var.minutes <= 30
    error_message = "A conversation takes up to 30 minutes."
  }
}
