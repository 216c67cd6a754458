import {
  to = tavus_guardrail.no_roadmap
  identity = {
    guardrail_id = "g1234567890"
  }
}
