# The agent: who visitors talk to, and what it can do.

locals {
  name = "${var.name_prefix}${var.product}"
}

data "tavus_face" "agent" {
  face_id   = var.face.face_id
  name      = var.face.name
  face_type = var.face.face_type
}

resource "tavus_pal" "agent" {
  name            = "${local.name} guide"
  default_face_id = data.tavus_face.agent.face_id

  system_prompt = var.prompt != null ? var.prompt : templatefile("${path.module}/prompts/agent.md", {
    product  = var.product
    docs_url = var.docs_url
  })

  document_ids                = [tavus_document.docs.document_id]
  guardrail_ids               = [for rule in tavus_guardrail.rules : rule.guardrail_id]
  objectives_id               = tavus_objectives.triage.objectives_id
  pronunciation_dictionary_id = tavus_pronunciation_dictionary.terms.pronunciation_dictionary_id

  # Terraform manages these keys and no others. No greeting here: the support
  # team writes it in the portal.
  layers = jsonencode({
    perception          = { perception_model = "off" }
    stt                 = { hotwords = join(", ", keys(var.pronunciations)) }
    conversational_flow = { turn_taking_patience = "high" }
    llm                 = { extra_body = { temperature = 0.2 } }
  })
}

# The page that shows the widget handles this call: it has no api.
resource "tavus_tool" "open_page" {
  name        = "${var.name_prefix}open_page"
  description = "Opens a page of the documentation beside the conversation."
  parameters = jsonencode({
    type       = "object"
    properties = { path = { type = "string", description = "Path of the page, such as /start" } }
    required   = ["path"]
  })
}

resource "tavus_tool" "create_ticket" {
  name        = "${var.name_prefix}create_ticket"
  description = "Opens a support ticket when the documentation does not answer the question."
  parameters = jsonencode({
    type = "object"
    properties = {
      summary = { type = "string", description = "The question in one sentence" }
      email   = { type = "string", description = "Where the answer goes" }
    }
    required = ["summary", "email"]
  })
  on_resolve = "generate_response"

  api = {
    url     = var.ticket_url
    timeout = 20
    auth = {
      type              = "bearer"
      secret_wo         = var.ticket_token
      secret_wo_version = var.ticket_token_version
    }
  }
}

resource "tavus_pal_tools" "agent" {
  pal_id   = tavus_pal.agent.pal_id
  tool_ids = [tavus_tool.open_page.tool_id, tavus_tool.create_ticket.tool_id]
}

# The agent draws charts and lists, and never offers a calendar.
resource "tavus_pal_skill" "canvas" {
  pal_id   = tavus_pal.agent.pal_id
  skill_id = "magic_canvas"
  config   = jsonencode({ components = { calendar = { enabled = false } } })
}
