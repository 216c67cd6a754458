resource "tavus_pal" "guide" {
  name            = "Docs Guide"
  default_face_id = data.tavus_face.guide.face_id
  greeting        = "Hi, I know every page of these docs. What are you building?"

  system_prompt = <<-EOT
    You are the guide of our documentation.
    Answer in two sentences at most, and name the page that you speak of.
  EOT

  guardrail_tags              = ["support"]
  pronunciation_dictionary_id = tavus_pronunciation_dictionary.terms.pronunciation_dictionary_id

  layers = jsonencode({
    perception          = { perception_model = "off" }
    stt                 = { hotwords = "Terraform, HCL, OpenTofu, webhook" }
    conversational_flow = { turn_taking_patience = "high" }
    llm                 = { extra_body = { temperature = 0.2 } }
  })
}

data "tavus_face" "guide" {
  name = "Docs Studio"
}

resource "tavus_pronunciation_dictionary" "terms" {
  name  = "Product terms"
  rules = { nginx = { pronunciation = "engine ex", type = "alias" } }
}

resource "tavus_deployment" "docs" {
  pal_id  = tavus_pal.guide.pal_id
  channel = "widget"
  name    = "Docs site"
}
