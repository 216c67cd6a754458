resource "tavus_deployment" "docs" {
  pal_id          = "p5317866"
  channel         = "widget"
  name            = "Docs site"
  allowed_origins = ["https://docs.example.com"]

  lifecycle {
    # The ID is in every page that holds the HTML below.
    prevent_destroy = true
  }
}

# For the end of each page.
output "docs_widget" {
  value = provider::tavus::embed_html(tavus_deployment.docs.deployment_id, tavus_deployment.docs.channel)
}

# An inline embed of a definite size, with a pinned script and a greeting.
output "tour" {
  value = provider::tavus::embed_html("5f0c7b1e-6d7a-4c55-9a52-0e2f6c1b9d3a", "embed", {
    version      = "0.1.0"
    width        = "720px"
    aspect_ratio = "16/9"
    attributes = {
      custom-greeting        = "Welcome! What would you like to see?"
      conversational-context = "The visitor reads the page about pricing."
    }
  })
}

# A second embed on the same page: the script is there already.
output "second_tour" {
  value = provider::tavus::embed_html("0b2f7c35-77a1-4f0e-9c55-3a7d1c9e8b21", "embed", { script = false })
}
