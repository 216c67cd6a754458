import {
  to = tavus_tool.open_page
  id = "t1234567890"
}
