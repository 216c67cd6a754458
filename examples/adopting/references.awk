# Writes references instead of literal IDs into configuration that Terraform has
# generated. The file is read twice: for the import blocks, which say which
# resource has which ID, and to replace the IDs everywhere else.
#
#   awk -f references.awk account.tf account.tf > referenced.tf

/^import [{]/ { inside = 1 }
/^}/ { inside = 0 }

NR == FNR {
  if (inside && $1 == "to") to = $3
  if (inside && $1 ~ /_id$/) reference[$3] = to "." $1
  next
}

!inside {
  for (id in reference) {
    while (at = index($0, id)) $0 = substr($0, 1, at - 1) reference[id] substr($0, at + length(id))
  }
}

{ print }
