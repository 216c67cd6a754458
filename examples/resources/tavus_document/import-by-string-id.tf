import {
  to = tavus_document.docs
  id = "d0-3f1a9c27be"
}
