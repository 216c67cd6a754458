terraform import tavus_document.docs d0-3f1a9c27be
