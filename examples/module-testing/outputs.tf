output "deployment_id" {
  description = "What goes into the pages. It is public."
  value       = tavus_deployment.widget.deployment_id
}

output "html" {
  description = "For the end of each page."
  value       = provider::tavus::embed_html(tavus_deployment.widget.deployment_id, tavus_deployment.widget.channel)
}

output "settings" {
  description = "What Terraform manages of the look."
  value       = jsondecode(tavus_deployment.widget.customization)
}
