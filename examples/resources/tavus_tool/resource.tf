variable "ticket_token" {
  description = "Bearer token of the back end. It is in no plan and no state."
  type        = string
  default     = "only-an-example"
  ephemeral   = true
}

# The back end opens the ticket.
resource "tavus_tool" "create_ticket" {
  name        = "create_ticket"
  description = "Opens a support ticket when the documentation does not answer the question."
  on_resolve  = "generate_response"

  parameters = jsonencode({
    type       = "object"
    properties = { summary = { type = "string", description = "The problem in one sentence." } }
    required   = ["summary"]
  })

  api = {
    url     = "https://hooks.example.com/tickets"
    timeout = 20
    auth = {
      type              = "bearer"
      secret_wo         = var.ticket_token
      secret_wo_version = "1" # change it with each new token
    }
  }
}

# Without api the page that shows the agent gets the call.
resource "tavus_tool" "open_page" {
  name        = "open_page"
  description = "Opens a page of the documentation beside the conversation."

  parameters = jsonencode({
    type       = "object"
    properties = { path = { type = "string", description = "Path of the page, such as /docs/install." } }
    required   = ["path"]
  })
}
