data "tavus_tool" "open_page" {
  name = tavus_tool.open_page.name
}

# A system tool has its name as ID.
data "tavus_tool" "end_call" {
  tool_id = "end_call"
}

resource "tavus_tool" "open_page" {
  name        = "open_page"
  description = "Opens a page of the documentation beside the conversation."
}
