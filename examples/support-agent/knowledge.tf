# What the agent knows, and what it must not do.

resource "tavus_document" "docs" {
  name             = "${local.name} documentation"
  url              = var.docs_url
  crawl            = { depth = 3, max_pages = 100 }
  recrawl_triggers = { release = var.docs_release }

  lifecycle {
    # A new address makes a new document. The agent keeps the old one until the
    # new one is ready.
    create_before_destroy = true
  }
}

resource "tavus_pronunciation_dictionary" "terms" {
  name  = "${local.name} terms"
  rules = { for word, sound in var.pronunciations : word => { type = "alias", pronunciation = sound } }
}

resource "tavus_guardrail" "rules" {
  for_each = var.guardrails

  name   = "${var.name_prefix}${each.key}"
  prompt = each.value
}

# The course of a conversation. The first objective begins it.
resource "tavus_objectives" "triage" {
  objectives = [
    {
      name             = "find_need"
      prompt           = "Learn what the visitor builds and where they are stuck."
      output_variables = ["goal", "version"]
      next_conditional_objectives = {
        share_page  = "A page of the documentation answers it"
        open_ticket = "No page answers it"
      }
    },
    { name = "share_page", prompt = "Answer, name the page, and offer to open it." },
    { name = "open_ticket", prompt = "Collect a summary and an address, and create a ticket." },
  ]
}
