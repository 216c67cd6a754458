# The visual parts of a conversation, without the calendar.
resource "tavus_pal_skill" "canvas" {
  pal_id   = "p5317866"
  skill_id = "magic_canvas"
  config   = jsonencode({ components = { calendar = { enabled = false } } })
}

# Slides of documents, in this order.
resource "tavus_pal_skill" "slides" {
  pal_id   = "p5317866"
  skill_id = "presentation"
  config   = jsonencode({ document_ids = ["d1234567890"], slides_trigger = "on_demand" })
}
