data "tavus_pal" "guide" {
  name = "Docs Guide"
}

resource "tavus_deployment" "docs" {
  pal_id  = data.tavus_pal.guide.pal_id
  channel = "widget"
  name    = "Docs site"

  lifecycle {
    # The ID is pasted into the site's pages.
    prevent_destroy = true
  }
}
