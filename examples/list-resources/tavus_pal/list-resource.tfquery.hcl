list "tavus_pal" "ours" {
  provider = tavus

  config {
    pal_type = "user"
  }
}
