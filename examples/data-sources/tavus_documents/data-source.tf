data "tavus_documents" "failed" {
  status = "error"
}

output "failed_documents" {
  value = { for document in data.tavus_documents.failed.documents : document.document_id => document.error_message }
}
