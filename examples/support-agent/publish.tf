# Where visitors meet the agent.

locals {
  style  = { magic_canvas = { accent_color = var.accent_color } }
  limits = jsonencode({ max_call_duration = var.minutes * 60 })
}

resource "tavus_deployment" "widget" {
  pal_id          = tavus_pal.agent.pal_id
  channel         = "widget"
  name            = "${local.name} widget"
  allowed_origins = [for host in var.hosts : "https://${host}"]
  limits          = local.limits

  customization = jsonencode({
    style = local.style
    widget = {
      position = "bottom-right"
      text     = { title = "Ask the ${var.product} docs", btn_title = "Start" }
    }
  })

  # Visitors meet an agent that has its tools and skills.
  depends_on = [tavus_pal_tools.agent, tavus_pal_skill.canvas]
}

resource "tavus_deployment" "landing_page" {
  pal_id  = tavus_pal.agent.pal_id
  channel = "landing-page"
  name    = "${local.name} landing page"
  limits  = local.limits

  # A headline that is null is not managed. Neither is the text after a call.
  customization = jsonencode({
    style        = local.style
    landing_page = { template = "1", title = var.headline }
  })

  depends_on = [tavus_pal_tools.agent, tavus_pal_skill.canvas]
}
