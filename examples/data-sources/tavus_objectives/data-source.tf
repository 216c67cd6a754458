data "tavus_objectives" "triage" {
  objectives_id = tavus_objectives.triage.objectives_id
}

resource "tavus_objectives" "triage" {
  objectives = [{
    name   = "find_product"
    prompt = "Learn which product and which version the visitor uses."
  }]
}

output "first_objective" {
  value = data.tavus_objectives.triage.objectives[0].name
}
