import {
  to = tavus_objectives.triage
  identity = {
    objectives_id = "o1234567890"
  }
}
