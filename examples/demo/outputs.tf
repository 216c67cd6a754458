output "deployment_ids" {
  description = "What goes into the pages. These ids are public."
  value = {
    docs     = tavus_deployment.docs.deployment_id
    tour     = tavus_deployment.tour.deployment_id
    campaign = tavus_deployment.campaign.deployment_id
  }
}

output "docs_widget" {
  description = "For the end of each page of the docs site."
  value       = "<tavus-widget deployment-id=\"${tavus_deployment.docs.deployment_id}\"></tavus-widget>"
}

output "campaign_needs_password" {
  value = tavus_deployment.campaign.has_password
}
