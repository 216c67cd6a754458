# terraform query
# terraform query -generate-config-out=generated.tf
list "tavus_deployment" "all" {
  provider = tavus

  # Terraform asks for 100 when this is left out.
  limit = 1000
}

# The live widgets of one PAL, with everything that the server holds of them.
list "tavus_deployment" "docs" {
  provider         = tavus
  include_resource = true

  config {
    pal_id  = "p5317866"
    channel = "widget"
    status  = "active"
  }
}
