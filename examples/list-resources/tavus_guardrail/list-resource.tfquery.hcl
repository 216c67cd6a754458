list "tavus_guardrail" "support" {
  provider = tavus

  config {
    tags = "support"
  }
}
