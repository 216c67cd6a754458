data "tavus_tools" "tickets" {
  search = "ticket"
}

output "ticket_tools" {
  value = { for tool in data.tavus_tools.tickets.tools : tool.name => tool.tool_id }
}
