data "tavus_document" "docs" {
  name = tavus_document.docs.name
}

resource "tavus_document" "docs" {
  name = "Product documentation"
  url  = "https://docs.example.com/"
}

output "docs_status" {
  value = data.tavus_document.docs.status
}
