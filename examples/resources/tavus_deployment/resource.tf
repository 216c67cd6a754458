variable "docs_password" {
  description = "What visitors type before a conversation starts."
  type        = string
  sensitive   = true
  ephemeral   = true
}

resource "tavus_deployment" "docs" {
  pal_id  = "p5317866"
  channel = "widget"
  name    = "Docs site"
  status  = "active"

  # Terraform manages these keys and no others. What people change in the portal
  # beside them is kept.
  customization = jsonencode({
    show_haircheck = false
    preview = {
      title       = "Questions about the API?"
      description = "Our guide knows every page of this site."
      btn_title   = "Start talking"
    }
    style = {
      mode         = "system"
      magic_canvas = { accent_color = "#0b5fff" }
    }
    widget = {
      position = "bottom-right"
      text     = { title = "Ask the docs", btn_title = "Start" }
    }
  })

  limits = jsonencode({
    max_call_duration         = 600 # seconds
    daily_call_limit_per_user = 5   # counted in the visitor's browser
  })

  # Origins as a browser sends them: scheme, host, port if there is one, and no
  # slash at the end.
  allowed_origins = [
    "https://docs.example.com",
    "https://docs.staging.example.com",
  ]

  # Neither in the plan nor in the state. A new version sends the password again.
  password_wo         = var.docs_password
  password_wo_version = "1"

  lifecycle {
    # The id is pasted into the site's pages. A deployment that is replaced has
    # a new id, and every page that shows the old one stops working.
    prevent_destroy = true
  }
}

# What the site's pages need.
output "docs_deployment_id" {
  value = tavus_deployment.docs.deployment_id
}
