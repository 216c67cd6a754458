variable "product" {
  description = "Name of the product that the documentation is about. The agent says it, and its objects are named after it."
  type        = string
}

variable "name_prefix" {
  description = "Put before the name of every object, such as \"staging_\", so that two agents fit into one account."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^([a-z][a-z0-9_]{0,19})?$", var.name_prefix))
    error_message = "name_prefix has up to 20 lower-case letters, digits and underscores, and begins with a letter. Names of tools and guardrails take nothing else."
  }
}

variable "face" {
  description = "The face that visitors see. In production, an ID is safer than a name, which a second face can get."
  type = object({
    name      = optional(string)
    face_id   = optional(string)
    face_type = optional(string)
  })
  default = { name = "Docs Studio", face_type = "system" }

  validation {
    condition     = (var.face.name == null) != (var.face.face_id == null)
    error_message = "face needs either name or face_id."
  }
}

variable "prompt" {
  description = "What the agent is told before each conversation. If left out, prompts/agent.md of this module."
  type        = string
  default     = null
}

variable "docs_url" {
  description = "Address of the documentation that the agent learns. It has to be public."
  type        = string

  validation {
    condition     = can(regex("^https://[^/]+/", var.docs_url))
    error_message = "docs_url is an https address with a path, such as https://docs.example.com/."
  }
}

variable "docs_release" {
  description = "Release of the documentation. A new one makes Tavus read the pages again."
  type        = string
  default     = "1"
}

variable "pronunciations" {
  description = "How the agent says words that voices get wrong: from the word to how it sounds."
  type        = map(string)
  default     = {}
}

variable "guardrails" {
  description = "What the agent must not do: from the name of a rule to its text."
  type        = map(string)
  default = {
    no_promises = "The agent never promises features or dates that the documentation does not state."
    no_secrets  = "The agent never asks for passwords, keys or payment data, and never repeats any."
  }

  validation {
    condition     = alltrue([for name in keys(var.guardrails) : can(regex("^[A-Za-z0-9_]{1,80}$", name))])
    error_message = "The name of a guardrail has up to 80 letters, digits and underscores."
  }

  validation {
    condition     = alltrue([for text in values(var.guardrails) : length(text) > 0 && length(text) <= 1000])
    error_message = "The text of a guardrail has 1 to 1,000 characters."
  }
}

variable "ticket_url" {
  description = "Address that opens a support ticket. Tavus calls it by POST, with the bearer token in ticket_token."
  type        = string

  validation {
    condition     = startswith(var.ticket_url, "https://")
    error_message = "ticket_url begins with https://, or Tavus does not call it."
  }
}

variable "ticket_token" {
  description = "Bearer token of ticket_url. It is in neither plan nor state."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "ticket_token_version" {
  description = "Any text. Change it together with ticket_token, or the new token is not sent."
  type        = string
  default     = "1"
}

variable "hosts" {
  description = "Hosts whose pages show the widget, without a scheme."
  type        = set(string)

  validation {
    condition     = alltrue([for host in var.hosts : host == lower(host) && !strcontains(host, "/")])
    error_message = "A host is lower case and has neither a scheme nor a path, such as docs.example.com."
  }
}

variable "headline" {
  description = "Headline of the landing page. If left out, the portal decides."
  type        = string
  default     = null
}

variable "accent_color" {
  description = "Colour of the brand, as CSS writes it."
  type        = string
  default     = "#0b5fff"
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
