import {
  to = tavus_pronunciation_dictionary.terms
  identity = {
    pronunciation_dictionary_id = "pd_1234567890"
  }
}
