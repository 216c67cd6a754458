data "tavus_guardrail" "no_roadmap" {
  name = tavus_guardrail.no_roadmap.name
}

resource "tavus_guardrail" "no_roadmap" {
  name   = "no_roadmap_promises"
  prompt = "The agent never promises features or dates that the documentation does not state."
}
