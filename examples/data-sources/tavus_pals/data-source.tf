# The PALs of the account whose name speaks of a guide.
data "tavus_pals" "guides" {
  pal_type = "user"
  search   = "guide"
}

output "guides" {
  value = { for p in data.tavus_pals.guides.pals : p.pal_id => p.name }
}
