resource "tavus_pronunciation_dictionary" "terms" {
  name = "Product terms"
  rules = {
    HCL     = { pronunciation = "H C L", type = "alias", case_sensitive = true }
    nginx   = { pronunciation = "engine ex", type = "alias" }
    kubectl = { pronunciation = "cube control", type = "alias" }
  }
}
