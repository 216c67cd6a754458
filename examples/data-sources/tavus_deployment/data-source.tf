# By its ID.
data "tavus_deployment" "docs" {
  deployment_id = "5f0c7b1e-6d7a-4c55-9a52-0e2f6c1b9d3a"
}

# By its exact name, among the widgets of one PAL.
data "tavus_deployment" "portal" {
  name    = "Made in the portal"
  pal_id  = "p5317866"
  channel = "widget"
}

output "conversations_today" {
  value = data.tavus_deployment.docs.usage_today
}

output "accent_color" {
  value = try(jsondecode(data.tavus_deployment.docs.customization).style.magic_canvas.accent_color, "not set")
}
