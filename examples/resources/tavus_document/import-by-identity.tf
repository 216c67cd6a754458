import {
  to = tavus_document.docs
  identity = {
    document_id = "d0-3f1a9c27be"
  }
}
