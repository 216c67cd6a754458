terraform {
  required_providers {
    tavus = {
      source  = "tavus/tavus"
      version = "~> 0.1"
    }
  }
}

# The API key comes from the environment variable TAVUS_API_KEY.
provider "tavus" {}

data "tavus_face" "guide" {
  name      = "Docs Studio"
  face_type = "system"
}

# The agent: a face, and what it is told.
resource "tavus_pal" "guide" {
  name            = "Docs guide"
  default_face_id = data.tavus_face.guide.face_id
  system_prompt   = "You answer questions about the documentation of Acme Cloud, in at most five sentences."
  greeting        = "Hi, what are you building?"
}

# A widget in the corner of every page of the documentation.
resource "tavus_deployment" "docs" {
  pal_id          = tavus_pal.guide.pal_id
  channel         = "widget"
  name            = "Docs site"
  allowed_origins = ["https://docs.example.com"]
}

output "html" {
  value = provider::tavus::embed_html(tavus_deployment.docs.deployment_id, tavus_deployment.docs.channel)
}
