# The same module on a bad day. Start the simulator with
#
#   -names=stripped -faults POST:1:cut-after,PATCH:1:503,PATCH:2:429:retry-after=1
#
# The reply to the first create is lost, the first two changes are refused, and
# the server stores names without their punctuation.

variables {
  site   = "Q&A (beta)"
  pal_id = "p5317866"
  hosts  = ["beta.example.com"]
  title  = "Ask us"
}

run "create_with_a_lost_reply" {
  assert {
    condition     = output.deployment_id != ""
    error_message = "The create did not end with a deployment."
  }
}

run "change_on_a_busy_server" {
  variables {
    title = "Still here"
  }

  # The name is shown as it was written, not as the server stores it.
  assert {
    condition     = tavus_deployment.widget.name == "Q&A (beta) widget"
    error_message = "The name changed."
  }
}

run "is_there_once" {
  module {
    source = "./tests/found"
  }

  variables {
    name = "QA beta widget"
    id   = run.change_on_a_busy_server.deployment_id
  }

  assert {
    condition     = output.once
    error_message = "A lost reply must neither lose the deployment nor make a second one."
  }
}

# The plan of the test is the second one for these values. Where it changed
# something, what it reads here would not be known yet, and the test would fail.
run "nothing_left_to_do" {
  command = plan

  variables {
    title = "Still here"
  }

  assert {
    condition     = output.settings.preview.title == "Still here" && tavus_deployment.widget.created_at != ""
    error_message = "The second plan is not empty."
  }
}
