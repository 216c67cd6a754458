product      = "Acme Cloud"
docs_url     = "https://docs.example.com/"
docs_release = "2026.11"
ticket_url   = "https://hooks.example.com/tickets"
hosts        = ["docs.example.com", "www.example.com"]
headline     = "Ask us about Acme Cloud"

pronunciations = {
  kubectl = "cube control"
  nginx   = "engine ex"
}
