# terraform query -generate-config-out=account.tf

list "tavus_deployment" "page" {
  provider = tavus
  limit    = 1000
}

list "tavus_pal" "pal" {
  provider = tavus
  limit    = 1000

  config {
    pal_type = "user"
  }
}

list "tavus_tool" "tool" {
  provider = tavus
  limit    = 1000
}

list "tavus_document" "document" {
  provider = tavus
  limit    = 1000
}

list "tavus_guardrail" "guardrail" {
  provider = tavus
  limit    = 1000
}

list "tavus_objectives" "objectives" {
  provider = tavus
  limit    = 1000
}

list "tavus_pronunciation_dictionary" "dictionary" {
  provider = tavus
  limit    = 1000
}
