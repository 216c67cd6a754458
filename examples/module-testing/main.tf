# A widget on a site: the module that a platform team gives to its product
# teams. They say which PAL speaks and where; the module adds the house rules.

terraform {
  required_version = ">= 1.8"

  required_providers {
    tavus = {
      source  = "tavus/tavus"
      version = "~> 0.1"
    }
  }
}

resource "tavus_deployment" "widget" {
  pal_id  = var.pal_id
  channel = "widget"
  name    = "${var.site} widget"

  allowed_origins = [for host in var.hosts : "https://${host}"]

  # Texts that the caller leaves out are null here. A key that is null is not
  # managed: it stays as people write it in the portal.
  customization = jsonencode({
    preview = {
      title     = var.title
      btn_title = var.button
    }
    style = { magic_canvas = { accent_color = "#0b5fff" } }
  })

  limits = jsonencode({ max_call_duration = var.minutes * 60 })
}
