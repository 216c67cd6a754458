list "tavus_tool" "tickets" {
  provider = tavus

  config {
    search = "ticket"
  }
}
