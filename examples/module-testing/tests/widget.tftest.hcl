# The life of a widget, on a server that behaves. TAVUS_BASE_URL and
# TAVUS_API_KEY say which one.

variables {
  site   = "Docs"
  pal_id = "p5317866"
  hosts  = ["docs.example.com", "www.example.com"]
}

run "wrong_host_is_refused" {
  command = plan

  variables {
    hosts = ["https://docs.example.com/"]
  }

  expect_failures = [var.hosts]
}

run "create" {
  variables {
    title = "Ask our docs"
  }

  assert {
    condition     = tavus_deployment.widget.allowed_origins == toset(["https://docs.example.com", "https://www.example.com"])
    error_message = "The origins are not those of the hosts."
  }

  assert {
    condition     = jsondecode(tavus_deployment.widget.limits).max_call_duration == 600
    error_message = "Ten minutes are 600 seconds."
  }

  assert {
    condition     = strcontains(output.html, output.deployment_id)
    error_message = "The HTML does not show the deployment."
  }
}

run "look" {
  module {
    source = "./tests/found"
  }

  variables {
    name = "Docs widget"
  }

  assert {
    condition     = output.once
    error_message = "The server must have one deployment of this name."
  }
}

run "change_title_and_pal" {
  variables {
    title  = "Questions?"
    pal_id = "p7c20e4a"
  }

  assert {
    condition     = output.settings.preview.title == "Questions?"
    error_message = "The new title did not arrive."
  }
}

# A new ID would break every page that shows the widget.
run "keeps_its_id" {
  module {
    source = "./tests/found"
  }

  variables {
    name = "Docs widget"
    id   = run.look.id
  }

  assert {
    condition     = output.once
    error_message = "The server must have one deployment of this name, with the ID that it had at first."
  }
}
