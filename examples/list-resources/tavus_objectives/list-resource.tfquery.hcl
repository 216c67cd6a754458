list "tavus_objectives" "all" {
  provider         = tavus
  include_resource = true
}
