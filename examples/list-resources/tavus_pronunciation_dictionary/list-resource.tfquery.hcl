list "tavus_pronunciation_dictionary" "all" {
  provider = tavus
}
