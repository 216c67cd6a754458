# The logic of the module, offline: the provider is a mock, so arguments are checked,
# and IDs are not known. Plans are enough for that. OpenTofu 1.12 cannot destroy
# mocked objects that have write-only arguments.

mock_provider "tavus" {}

variables {
  product      = "Acme"
  docs_url     = "https://docs.example.com/"
  ticket_url   = "https://hooks.example.com/tickets"
  ticket_token = "token-of-the-tests"
  hosts        = ["docs.example.com"]
}

run "wrong_inputs_are_refused" {
  command = plan

  variables {
    name_prefix = "Staging-"
    face        = {}
    docs_url    = "docs.example.com"
    guardrails  = { "no promises" = "" }
    ticket_url  = "http://hooks.example.com/tickets"
    hosts       = ["https://docs.example.com/"]
    minutes     = 60
  }

  expect_failures = [
    var.name_prefix, var.face, var.docs_url, var.guardrails, var.ticket_url, var.hosts, var.minutes,
  ]
}

run "defaults" {
  command = plan

  # Not the one of a terraform.tfvars beside the module.
  variables {
    headline = null
  }

  assert {
    condition     = strcontains(tavus_pal.agent.system_prompt, "the Acme documentation at https://docs.example.com/")
    error_message = "The prompt of the module is not filled in."
  }

  assert {
    condition     = keys(tavus_guardrail.rules) == ["no_promises", "no_secrets"]
    error_message = "The guardrails are not those of the module."
  }

  assert {
    condition     = tavus_tool.create_ticket.api.url == var.ticket_url && tavus_tool.open_page.api == null
    error_message = "The ticket tool calls the back end, and the other one the page."
  }

  assert {
    condition     = tavus_deployment.widget.allowed_origins == toset(["https://docs.example.com"])
    error_message = "The origins are not those of the hosts."
  }

  assert {
    condition     = jsondecode(tavus_deployment.widget.limits).max_call_duration == 600
    error_message = "Ten minutes are 600 seconds."
  }

  assert {
    condition     = jsondecode(tavus_deployment.landing_page.customization).landing_page.title == null
    error_message = "A headline that is left out must stay with the portal."
  }
}

run "two_agents_in_one_account" {
  command = plan

  variables {
    name_prefix = "staging_"
    prompt      = "You are a test."
  }

  assert {
    condition     = tavus_tool.create_ticket.name == "staging_create_ticket" && tavus_guardrail.rules["no_secrets"].name == "staging_no_secrets"
    error_message = "Names that are unique in an account need the prefix."
  }

  assert {
    condition     = tavus_pal.agent.name == "staging_Acme guide" && tavus_pal.agent.system_prompt == "You are a test."
    error_message = "The name or the prompt of the caller is not used."
  }
}
