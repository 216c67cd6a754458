output "pal_id" {
  description = "ID of the agent."
  value       = tavus_pal.agent.pal_id
}

output "deployment_ids" {
  description = "IDs of the widget and of the landing page. Pages show them, so they are public."
  value = {
    widget       = tavus_deployment.widget.deployment_id
    landing_page = tavus_deployment.landing_page.deployment_id
  }
}

output "html" {
  description = "For the end of each page of the documentation."
  value       = provider::tavus::embed_html(tavus_deployment.widget.deployment_id, tavus_deployment.widget.channel)
}
