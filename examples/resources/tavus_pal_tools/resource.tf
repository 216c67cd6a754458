data "tavus_pal" "guide" {
  name = "Docs Guide"
}

resource "tavus_tool" "open_page" {
  name        = "open_page"
  description = "Opens a page of the documentation in the visitor's browser."
}

resource "tavus_tool" "create_ticket" {
  name        = "create_ticket"
  description = "Creates a ticket for the support team."
}

resource "tavus_pal_tools" "guide" {
  pal_id   = data.tavus_pal.guide.pal_id
  tool_ids = [tavus_tool.open_page.tool_id, tavus_tool.create_ticket.tool_id]
}
