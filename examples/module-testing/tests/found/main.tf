# Looks at the server, from outside of the module under test. An ID of an earlier
# run comes in as a variable, because OpenTofu knows other runs in "variables"
# only, not in "assert".

terraform {
  required_providers {
    tavus = {
      source = "tavus/tavus"
    }
  }
}

variable "name" {
  description = "Name of the deployment, as the server stores it."
  type        = string
}

variable "id" {
  description = "ID that it must have. If left out, any."
  type        = string
  default     = null
}

data "tavus_deployments" "all" {}

locals {
  ids = [for d in data.tavus_deployments.all.deployments : d.deployment_id if d.name == var.name]
}

output "id" {
  value = one(local.ids)
}

output "once" {
  description = "Whether the server has one deployment of this name, with this ID."
  value       = length(local.ids) == 1 && alltrue([for id in local.ids : var.id == null || id == var.id])
}
