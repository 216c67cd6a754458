# What the workflows in this folder plan and apply. A real one has a backend, too,
# so that all runs share one state.

terraform {
  # Ephemeral variables came with Terraform 1.10 and OpenTofu 1.11.
  required_version = ">= 1.10"

  required_providers {
    tavus = {
      source  = "tavus/tavus"
      version = "~> 0.1"
    }
  }
}

variable "tavus_api_key" {
  description = "Key of the Tavus account. It is ephemeral: neither a plan file nor the state holds it."
  type        = string
  ephemeral   = true
  sensitive   = true
}

provider "tavus" {
  api_key = var.tavus_api_key
}

resource "tavus_deployment" "docs" {
  pal_id          = "p5317866"
  channel         = "widget"
  name            = "Docs site"
  allowed_origins = ["https://docs.example.com"]
  customization   = jsonencode({ preview = { title = "Ask our docs" } })
}

output "embed_id" {
  value = tavus_deployment.docs.deployment_id
}
