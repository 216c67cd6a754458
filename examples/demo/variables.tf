variable "pal_ids" {
  description = "Who speaks: the PAL of each deployment, from the PAL Maker."
  type = object({
    docs     = string
    tour     = string
    campaign = string
  })
  default = {
    docs     = "p5317866"
    tour     = "p7c20e4a"
    campaign = "p91b3d05"
  }
}

variable "domain" {
  description = "The domain of the company's sites."
  type        = string
  default     = "example.com"
}

variable "accent_color" {
  description = "The brand's colour, as CSS writes it."
  type        = string
  default     = "#0b5fff"
}

variable "campaign_headline" {
  description = "What the landing page says first."
  type        = string
  default     = "The spring collection is here"
}

variable "campaign_password" {
  description = "What visitors of the landing page type before a conversation starts."
  type        = string
  sensitive   = true
}
