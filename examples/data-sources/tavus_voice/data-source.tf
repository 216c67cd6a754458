data "tavus_voice" "alto" {
  name = "Alto"
}

output "voice_id" {
  value = data.tavus_voice.alto.voice_id
}
