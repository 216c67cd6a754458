# The deployment_id, as the portal and the API show it.
terraform import tavus_deployment.docs 5f0c7b1e-6d7a-4c55-9a52-0e2f6c1b9d3a
