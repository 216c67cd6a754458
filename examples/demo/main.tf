# Three deployments of one platform team: a widget on the docs site, a guide
# inside the product page, and a landing page for a campaign.

terraform {
  required_version = ">= 1.5"

  required_providers {
    tavus = {
      source = "tavus/tavus"
    }
  }
}

# TAVUS_API_KEY holds the key. TAVUS_BASE_URL points at the simulator, or is not
# set at all.
provider "tavus" {}

locals {
  # What all three have in common. Each adds its own texts below.
  brand = {
    style = { magic_canvas = { accent_color = var.accent_color } }
    after_call = {
      title       = "Thank you for stopping by"
      description = "You can close this window, or start again at any time."
    }
  }

  # A conversation costs by the minute. The daily limit is counted in the
  # visitor's browser, so it is a soft one.
  limits = {
    support = { max_call_duration = 600, daily_call_limit_per_user = 5 }
    tour    = { max_call_duration = 900, daily_call_limit_per_user = 3 }
    press   = { max_call_duration = 300, daily_call_limit_per_user = 1 }
  }
}

resource "tavus_deployment" "docs" {
  name    = "Docs site"
  pal_id  = var.pal_ids.docs
  channel = "widget"
  status  = "active"

  customization = jsonencode(merge(local.brand, {
    show_haircheck = false
    widget         = { text = { title = "Ask the docs" } }
    preview = {
      title       = "Questions about the API?"
      description = "The guide has read every page of ${var.domain}."
      btn_title   = "Start talking"
    }
  }))

  limits          = jsonencode(local.limits.support)
  allowed_origins = ["https://docs.${var.domain}", "http://localhost:3000"]
}

resource "tavus_deployment" "tour" {
  name    = "Product tour"
  pal_id  = var.pal_ids.tour
  channel = "embed"
  status  = "active"

  customization = jsonencode(merge(local.brand, {
    show_haircheck = true
    preview = {
      title       = "A tour in five minutes"
      description = "Say what you build, and see the part that matters to you."
      btn_title   = "Take the tour"
    }
  }))

  limits          = jsonencode(local.limits.tour)
  allowed_origins = ["https://www.${var.domain}", "https://${var.domain}"]
}

resource "tavus_deployment" "campaign" {
  name    = "Spring campaign"
  pal_id  = var.pal_ids.campaign
  channel = "landing-page"
  status  = "active"

  # No after_call here: the campaign team writes that text in the portal.
  customization = jsonencode({
    style = { magic_canvas = { accent_color = var.accent_color } }
    preview = {
      title       = var.campaign_headline
      description = "Talk to us before the doors open."
      btn_title   = "Come in"
    }
  })

  limits = jsonencode(local.limits.press)

  # Only the people who got the invitation.
  password = var.campaign_password
}
