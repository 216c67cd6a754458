import {
  to = tavus_deployment.docs
  identity = {
    deployment_id = "5f0c7b1e-6d7a-4c55-9a52-0e2f6c1b9d3a"
  }
}
