terraform {
  required_providers {
    tavus = { source = "registry.terraform.io/tavus/tavus" }
  }
}

resource "tavus_deployment" "full" {
  pal_id  = "p5317866"
  channel = "widget"
  name    = "Docs: v2!"
  status  = "draft"
  customization = jsonencode({
    "a/b~c"      = { "" = null, list = [1, null, { x = "<&>" }] }
    big          = 123456789012345678901234567890
    goodbye      = "dropped by the test"
    magic_canvas = { accent_color = "#FFF" }
    nothing      = {}
    "é"          = "$${x}"
  })
  limits          = jsonencode({ max_call_duration = 1e2 })
  allowed_origins = ["https://docs.example.com", "http://localhost:3000"]
  password        = "open sesame"
}

resource "tavus_deployment" "write_only" {
  pal_id              = "p7c20e4a"
  channel             = "embed"
  name                = "Product"
  customization       = jsonencode({})
  password_wo         = "frobozz"
  password_wo_version = "7"
}

resource "tavus_deployment" "bare" {
  pal_id  = "p91b3d05"
  channel = "landing-page"
}

# Imported, and changed by the same apply.
resource "tavus_deployment" "adopted" {
  pal_id        = "p5317866"
  channel       = "embed"
  name          = "Adopted"
  customization = jsonencode({ k1 = 1, k2 = 2 })
}

import {
  to = tavus_deployment.adopted
  id = "d0000000-0000-4000-8000-000000000001"
}

# Imported, and not written to.
resource "tavus_deployment" "imported" {
  pal_id        = "p5317866"
  channel       = "embed"
  customization = jsonencode({ k1 = 1 })
}

import {
  to = tavus_deployment.imported
  id = "d0000000-0000-4000-8000-000000000002"
}
