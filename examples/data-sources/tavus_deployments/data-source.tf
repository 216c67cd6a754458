# Everything that shows the docs guide, and is live.
data "tavus_deployments" "docs" {
  pal_id = "p5317866"
  status = "active"
}

# Widgets that any page may show, because no origin is named.
output "open_widgets" {
  value = [
    for d in data.tavus_deployments.docs.deployments : d.deployment_id
    if d.channel == "widget" && length(d.allowed_origins) == 0
  ]
}

output "conversations_today" {
  value = sum(concat([0], data.tavus_deployments.docs.deployments[*].usage_today))
}
