import {
  to = tavus_tool.open_page
  identity = {
    tool_id = "t1234567890"
  }
}
