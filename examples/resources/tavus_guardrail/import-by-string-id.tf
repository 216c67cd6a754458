import {
  to = tavus_guardrail.no_roadmap
  id = "g1234567890"
}
