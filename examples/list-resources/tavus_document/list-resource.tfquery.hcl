list "tavus_document" "public" {
  provider = tavus

  config {
    tags = "public"
  }
}
