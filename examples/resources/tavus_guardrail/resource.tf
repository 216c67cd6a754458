resource "tavus_guardrail" "no_roadmap" {
  name   = "no_roadmap_promises"
  prompt = "The agent never promises features or dates that the documentation does not state."
  tags   = ["support"]
}
