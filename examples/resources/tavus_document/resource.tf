variable "docs_release" {
  description = "A new release lets the site be crawled again."
  type        = string
  default     = "2026-11"
}

variable "price_list_url" {
  description = "URL with a signature. It is in no plan and no state."
  type        = string
  default     = "https://files.example.com/prices.pdf?sig=only-an-example"
  ephemeral   = true
}

# A site, with the pages that it links to.
resource "tavus_document" "docs" {
  name             = "Product documentation"
  url              = "https://docs.example.com/"
  tags             = ["docs", "public"]
  crawl            = { depth = 3, max_pages = 100 }
  recrawl_triggers = { release = var.docs_release }
  timeouts         = { create = "30m" }

  lifecycle {
    create_before_destroy = true # PALs never refer to a document that is gone
  }
}

# One file.
resource "tavus_document" "prices" {
  name           = "Price list"
  url_wo         = var.price_list_url
  url_wo_version = "1" # change it with each new file

  lifecycle {
    create_before_destroy = true
  }
}

output "docs_document_id" {
  value = tavus_document.docs.document_id
}
