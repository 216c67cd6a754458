import {
  to = tavus_pronunciation_dictionary.terms
  id = "pd_1234567890"
}
