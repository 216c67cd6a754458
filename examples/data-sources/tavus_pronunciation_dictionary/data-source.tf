data "tavus_pronunciation_dictionary" "terms" {
  pronunciation_dictionary_id = tavus_pronunciation_dictionary.terms.pronunciation_dictionary_id
}

resource "tavus_pronunciation_dictionary" "terms" {
  name  = "Product terms"
  rules = { nginx = { pronunciation = "engine ex", type = "alias" } }
}
