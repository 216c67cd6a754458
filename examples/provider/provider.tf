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

# A widget in the corner of every page of a documentation site.
resource "tavus_deployment" "docs" {
  pal_id          = "p5317866"
  channel         = "widget"
  name            = "Docs site"
  allowed_origins = ["https://docs.example.com"]
}
