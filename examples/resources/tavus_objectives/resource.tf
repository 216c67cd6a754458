resource "tavus_objectives" "triage" {
  objectives = [
    {
      name             = "find_product"
      prompt           = "Learn which product and which version the visitor uses."
      output_variables = ["product", "version"]
      next_conditional_objectives = {
        share_page  = "A page of the documentation answers the question."
        open_ticket = "No page answers it."
      }
    },
    {
      name   = "share_page"
      prompt = "Name the page, and offer to open it."
    },
    {
      name              = "open_ticket"
      prompt            = "Collect a summary of the problem, and create a ticket."
      confirmation_mode = "manual"
    },
  ]
}
