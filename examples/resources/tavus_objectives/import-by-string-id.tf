import {
  to = tavus_objectives.triage
  id = "o1234567890"
}
